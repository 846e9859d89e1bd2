import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readImage } from './image.ts'
import { describeMachine, measureBusy } from './machine.ts'
import { measureLoaded, measureRest } from './memory.ts'
import { copyNode, findNode, newest, oldest } from './nodes.ts'
import type { Plan, Section } from './options.ts'
import type { Peer, Role } from './peer.ts'
import { findPeers } from './peers.ts'
import { describe } from './results.ts'
import type { Part, Results } from './results.ts'
import { loadCore } from './server.ts'
import { measureStart } from './start.ts'
import { measureThroughput } from './throughput.ts'

/** @param command as it was called, to be told with the results. */
export async function run (plan: Plan, command: string): Promise<Results> {
  const directory = mkdtempSync(join(tmpdir(), 'matrix-well-known-bench-'))
  process.once('exit', () => rmSync(directory, { recursive: true }))
  const busy = plan.smoke ? 0 : await measureBusy()
  if (busy > 0.02 && !plan.smoke) console.log(`other programs take ${(busy * 100).toFixed(0)} % of this machine: what is measured now is noise`)
  // Out of the servers' way.
  execFileSync('taskset', ['-a', '-p', '-c', String(loadCore), String(process.pid)], { stdio: 'ignore' })
  const { major: imageNode } = readImage()
  const majors = plan.smoke ? [newest] : [...new Set([oldest, imageNode, newest])]
  const nodes = majors.map(findNode)
  const peers = await findPeers(nodes, directory)

  const measure: Readonly<Record<Section, () => Promise<Results>>> = {
    async throughput () {
      const chosen = [
        ...nodes.flatMap(node => select(peers.on(node), node.major === oldest || node.major === newest
          ? ['raw', 'naive', 'ours', 'image', 'log-pipe', 'log-file']
          : ['raw', 'ours', 'image'])),
        ...peers.foreign
      ]
      return { throughput: document(chosen, await measureThroughput(chosen, plan)) }
    },
    async start () {
      const chosen = [...nodes.flatMap(node => select(peers.on(node), ['raw', 'raw-module', 'ours', 'image'])), ...peers.foreign]
      return { start: document(chosen, await measureStart(chosen, plan)) }
    },
    async memory () {
      const copies = nodes.map(node => copyNode(node, directory))
      const onNode = (roles: readonly Role[]): Peer[] => copies.flatMap(node => select(peers.on(node), roles))
      const chosen = [...onNode(['raw', 'raw-module', 'raw-image', 'ours', 'image']), ...peers.foreign]
      const rounds = await measureRest(chosen, plan)
      return { memory: { ...document(chosen, rounds), load: plan.load, loaded: await measureLoaded(onNode(['raw', 'image']), plan) } }
    }
  }
  let results: Results = {}
  for (const section of plan.sections) results = { ...results, ...await measure[section]() }
  return results

  function document<Value> (chosen: readonly Peer[], rounds: Part<Value>['rounds']): Part<Value> {
    const date = new Date().toISOString().slice(0, 10)
    return { date, machine: describeMachine(), busy, command, missing: peers.missing, subjects: chosen.map(describe), rounds }
  }
}

function select (peers: readonly Peer[], roles: readonly Role[]): Peer[] {
  return peers.filter(({ role }) => roles.includes(role))
}
