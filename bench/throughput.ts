import { compareWithBare, findPeers } from './peers.ts'
import type { Peer } from './peers.ts'
import { connections, load, startServer } from './process.ts'
import type { Server } from './process.ts'
import { formatSpread } from './report.ts'
import type { Benchmark } from './report.ts'
import { Samples, shuffle } from './statistics.ts'

/**
 * Each set restarts all servers, because some processes stay slower than others of their kind. A load that doesn't
 * count wakes a server before each slice: V8 drops the compiled code of an idle one. Times are in seconds.
 */
const full = { sets: 2, warmUp: 3, rounds: 3, wake: 1, slice: 2 }
const smoke = { sets: 1, warmUp: 0, rounds: 1, wake: 0, slice: 2 }

export const throughput: Benchmark = {
  subject: 'requests/s, p99 and CPU time per request with 64 connections',
  async run (lab) {
    const plan = lab.smoke ? smoke : full
    const peers = await findPeers(lab)
    const kinds: readonly string[] = ['sidecar', 'image']
    const [speed, p99, cpu] = [new Samples<Peer>(), new Samples<Peer>(), new Samples<Peer>()]
    for (let set = 0; set < plan.sets; set++) {
      const servers = new Map<Peer, Server>()
      for (const peer of peers) {
        const server = await startServer(peer.launch, lab)
        servers.set(peer, server)
        if (plan.warmUp > 0) await load(server, plan.warmUp)
      }
      for (let round = 0; round < plan.rounds; round++) {
        for (const [peer, server] of shuffle([...servers])) {
          if (plan.wake > 0) await load(server, plan.wake)
          const loaded = await load(server, plan.slice)
          speed.add(peer, loaded.speed)
          p99.add(peer, loaded.p99)
          cpu.add(peer, loaded.cpu)
        }
      }
      for (const server of servers.values()) await server.stop()
    }
    return {
      method: `${plan.sets * plan.rounds} rounds of ${plan.slice} s, ${connections} connections.`,
      head: ['server', 'version', 'requests/s', '÷ bare', 'p99, ms', 'CPU, µs per request', '÷ bare'],
      rows: peers.map(peer => [
        peer.name, peer.version, formatSpread(speed.spread(peer)), speed.ratio(peer).toFixed(2),
        formatSpread(p99.spread(peer), 2), formatSpread(cpu.spread(peer), 1), cpu.ratio(peer).toFixed(2)
      ]),
      bars: [
        ...compareWithBare('requests/s', ['≥', 0.85], speed, peers.filter(({ kind }) => kinds.includes(kind))),
        ...peers.filter(({ kind }) => kind === 'metrics').map(metrics => {
          const without = peers.find(({ kind, version }) => kind === 'sidecar' && version === metrics.version)
          const text = `CPU time per request with METRICS_PORT ÷ without, ${metrics.version}`
          return { text, limit: ['≤', 1.02] as const, measured: cpu.ratio(metrics, without) }
        })
      ]
    }
  }
}
