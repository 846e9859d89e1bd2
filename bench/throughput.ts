import type { Plan } from './options.ts'
import type { Peer } from './peer.ts'
import type { Round } from './results.ts'
import { startServer } from './server.ts'
import type { Server } from './server.ts'
import { shuffle } from './statistics.ts'
import { load } from './wrk.ts'
import type { Load } from './wrk.ts'

/** Loads all servers by turns: each once in a round, in another order each time. */
export async function measureThroughput (peers: readonly Peer[], plan: Plan): Promise<Array<Round<Load>>> {
  const rounds: Array<Round<Load>> = []
  for (let i = 0; i < plan.sets; i++) rounds.push(...await measureSet(peers, plan, `set ${i + 1} of ${plan.sets}`))
  return rounds
}

async function measureSet (peers: readonly Peer[], plan: Plan, name: string): Promise<Array<Round<Load>>> {
  const servers: Server[] = []
  try {
    for (const peer of peers) {
      const server = await startServer(peer)
      servers.push(server)
      if (plan.warmUp > 0) await load(server, plan.warmUp)
    }
    const rounds: Array<Round<Load>> = []
    for (let i = 0; i < plan.rounds; i++) {
      const round: Record<string, Load> = {}
      for (const server of shuffle(servers)) {
        if (plan.wake > 0) await load(server, plan.wake)
        round[server.peer.id] = await load(server, plan.slice)
      }
      rounds.push(round)
      console.log(`throughput: ${name}, round ${i + 1} of ${plan.rounds}`)
    }
    return rounds
  } finally {
    for (const server of servers) await server.stop()
  }
}
