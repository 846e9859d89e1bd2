import { setTimeout as sleep } from 'node:timers/promises'
import type { Plan } from './options.ts'
import type { Peer } from './peer.ts'
import { readMemory } from './process.ts'
import type { LoadedMemory, Round } from './results.ts'
import { startServer } from './server.ts'
import { load } from './wrk.ts'

/** Measures each server alone, after its first answer. */
export async function measureRest (peers: readonly Peer[], plan: Plan): Promise<Array<Round<number>>> {
  const rounds: Array<Round<number>> = []
  for (let i = 0; i < plan.rests; i++) {
    const round: Record<string, number> = {}
    for (const peer of peers) {
      const server = await startServer(peer)
      await sleep(plan.settle * 1000)
      round[peer.id] = readMemory(server.pid)
      await server.stop()
    }
    rounds.push(round)
    console.log(`memory at rest: round ${i + 1} of ${plan.rests}`)
  }
  return rounds
}

/** Measures each server alone, at rest and after a load. */
export async function measureLoaded (peers: readonly Peer[], plan: Plan): Promise<Round<LoadedMemory>> {
  const loaded: Record<string, LoadedMemory> = {}
  for (const peer of peers) {
    const server = await startServer(peer)
    await sleep(plan.settle * 1000)
    const rest = readMemory(server.pid)
    await load(server, plan.load)
    await sleep(plan.settle * 1000)
    loaded[peer.id] = { rest, loaded: readMemory(server.pid) }
    await server.stop()
    console.log(`memory after load: ${peer.id}`)
  }
  return loaded
}
