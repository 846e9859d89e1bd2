// Measures the sidecar beside other servers, and writes what it found to results.json, README.md and throughput.svg:
// npm run bench
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isHeld, judge } from './bars.ts'
import { readImage } from './image.ts'
import { describeMachine } from './machine.ts'
import { measureLoaded, measureRest } from './memory.ts'
import { copyNode, findNode, newest, oldest } from './nodes.ts'
import { parseOptions } from './options.ts'
import type { Section } from './options.ts'
import type { Peer, Role } from './peer.ts'
import { findPeers } from './peers.ts'
import { renderPlot } from './plot.ts'
import { describe } from './results.ts'
import type { Part, Results } from './results.ts'
import { loadCore } from './server.ts'
import { measureStart } from './start.ts'
import { renderTables } from './tables.ts'
import { measureThroughput } from './throughput.ts'

const args = process.argv.slice(2)
const plan = parseOptions(args)
// Out of the servers' way.
execFileSync('taskset', ['-a', '-p', '-c', String(loadCore), String(process.pid)], { stdio: 'ignore' })

const { major: imageNode } = readImage()
const majors = plan.smoke ? [newest] : [...new Set([oldest, imageNode, newest])]
const nodes = majors.map(findNode)
const peers = await findPeers(nodes)

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
    const chosen = [...nodes.flatMap(node => select(peers.on(node), ['raw', 'ours', 'image'])), ...peers.foreign]
    return { start: document(chosen, await measureStart(chosen, plan)) }
  },
  async memory () {
    const directory = mkdtempSync(join(tmpdir(), 'matrix-well-known-bench-'))
    try {
      const copies = nodes.map(node => copyNode(node, directory))
      const onNode = (roles: readonly Role[]): Peer[] => copies.flatMap(node => select(peers.on(node), roles))
      const chosen = [...onNode(['raw', 'raw-image', 'ours', 'image']), ...peers.foreign]
      const rounds = await measureRest(chosen, plan)
      return { memory: { ...document(chosen, rounds), load: plan.load, loaded: await measureLoaded(onNode(['raw', 'image']), plan) } }
    } finally {
      rmSync(directory, { recursive: true })
    }
  }
}

let measured: Results = {}
for (const section of plan.sections) measured = { ...measured, ...await measure[section]() }
for (const bar of judge(measured)) console.log(`${{ true: 'held', false: 'NOT HELD', undefined: 'not measured' }[String(isHeld(bar))]}: ${bar.text}: ${bar.measured?.toFixed(2)}`)
if (!plan.smoke) publish(measured)

function select (peers: readonly Peer[], roles: readonly Role[]): Peer[] {
  return peers.filter(({ role }) => roles.includes(role))
}

function document<Value> (chosen: readonly Peer[], rounds: Part<Value>['rounds']): Part<Value> {
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(),
    command: ['npm run bench', ...args.length === 0 ? [] : ['--', ...args]].join(' '),
    missing: peers.missing,
    subjects: chosen.map(describe),
    rounds
  }
}

/** What was not measured this time stays as it is. */
function publish (measured: Results): void {
  const file = (name: string): string => join(import.meta.dirname, name)
  const results = { ...JSON.parse(readFileSync(file('results.json'), 'utf8')) as Results, ...measured }
  writeFileSync(file('results.json'), `${JSON.stringify(results, (_key, value: unknown) => typeof value === 'number' ? Number(value.toPrecision(5)) : value, 1)}\n`)
  if (results.throughput !== undefined) writeFileSync(file('throughput.svg'), renderPlot(results.throughput))
  const readme = readFileSync(file('README.md'), 'utf8')
  const marked = /(<!-- results -->\n)[^]*(<!-- \/results -->)/
  if (!marked.test(readme)) throw new Error('bench/README.md has lost its markers, <!-- results --> and <!-- /results -->')
  writeFileSync(file('README.md'), readme.replace(marked, (_all, start: string, end: string) => `${start}\n${renderTables(results)}\n\n${end}`))
}
