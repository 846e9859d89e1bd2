import { setTimeout as sleep } from 'node:timers/promises'
import { compareWithBare, findPeers } from './peers.ts'
import type { Peer } from './peers.ts'
import { load, readMemory, startServer } from './process.ts'
import { formatSpread } from './report.ts'
import type { Benchmark } from './report.ts'
import { Samples } from './statistics.ts'

/** How long the load lasts, and how long to wait before reading, in seconds. */
const full = { rounds: 3, load: 3, settle: 1 }
const smoke = { rounds: 1, load: 2, settle: 0.2 }

export const memory: Benchmark = {
  subject: 'memory at rest and after a load',
  async run (lab) {
    const plan = lab.smoke ? smoke : full
    const peers = (await findPeers(lab)).filter(({ kind }) => kind !== 'logging')
    const [rest, loaded] = [new Samples<Peer>(), new Samples<Peer>()]
    for (let round = 0; round < plan.rounds; round++) {
      // Only one server runs at a time.
      for (const peer of peers) {
        const server = await startServer(peer.launch, lab)
        await sleep(plan.settle * 1000)
        rest.add(peer, readMemory(server.pid))
        await load(server, plan.load)
        await sleep(plan.settle * 1000)
        loaded.add(peer, readMemory(server.pid))
        await server.stop()
      }
    }
    // The image's own Node comes first; on others, the image isn't shipped.
    const shipped = peers.filter(({ kind }) => kind === 'image').slice(0, 1)
    return {
      method: `${plan.rounds} starts of each, read ${plan.settle} s after the first 200 and again ${plan.settle} s ` +
        `after a load of ${plan.load} s.`,
      head: ['server', 'version', 'MB at rest', '÷ bare', 'MB after load', '÷ bare'],
      rows: peers.map(peer => [
        peer.name, peer.version, formatSpread(rest.spread(peer), 1), rest.ratio(peer).toFixed(2),
        formatSpread(loaded.spread(peer), 1), loaded.ratio(peer).toFixed(2)
      ]),
      bars: compareWithBare('memory at rest', ['≤', 1.3], rest, shipped)
    }
  }
}
