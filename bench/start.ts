import type { Plan } from './options.ts'
import type { Peer } from './peer.ts'
import type { Round } from './results.ts'
import { startServer } from './server.ts'
import { shuffle } from './statistics.ts'

/** Starts each server once in a round, after a round that only brings their files into memory. */
export async function measureStart (peers: readonly Peer[], plan: Plan): Promise<Array<Round<number>>> {
  if (!plan.smoke) await startAll(peers)
  const rounds: Array<Round<number>> = []
  for (let i = 0; i < plan.starts; i++) {
    rounds.push(await startAll(peers))
    console.log(`start: round ${i + 1} of ${plan.starts}`)
  }
  return rounds
}

async function startAll (peers: readonly Peer[]): Promise<Round<number>> {
  const round: Record<string, number> = {}
  for (const peer of shuffle(peers)) {
    const server = await startServer(peer)
    round[peer.id] = server.startTime
    await server.stop()
  }
  return round
}
