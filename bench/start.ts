import { compareWithBare, findPeers } from './peers.ts'
import type { Peer } from './peers.ts'
import { startServer } from './process.ts'
import { formatSpread } from './report.ts'
import type { Benchmark } from './report.ts'
import { Samples, shuffle } from './statistics.ts'

export const start: Benchmark = {
  subject: 'time from the start of the process to the first 200',
  async run (lab) {
    const rounds = lab.smoke ? 1 : 15
    // Finding them has brought their files into memory.
    const peers = (await findPeers(lab)).filter(({ kind }) => kind !== 'logging')
    const [times, cpu] = [new Samples<Peer>(), new Samples<Peer>()]
    for (let round = 0; round < rounds; round++) {
      for (const peer of shuffle(peers)) {
        const server = await startServer(peer.launch, lab)
        times.add(peer, server.startTime)
        cpu.add(peer, server.startCpu)
        await server.stop()
      }
    }
    // The image's own Node comes first; on others, the image isn't shipped.
    const shipped = peers.filter(({ kind }) => kind === 'image').slice(0, 1)
    return {
      method: `${rounds} starts of each.`,
      head: ['server', 'version', 'ms to the first 200', '÷ bare', 'CPU, ms', '÷ bare'],
      rows: peers.map(peer => [
        peer.name, peer.version, formatSpread(times.spread(peer)), times.ratio(peer).toFixed(2),
        formatSpread(cpu.spread(peer)), cpu.ratio(peer).toFixed(2)
      ]),
      bars: compareWithBare('start', ['≤', 2.2], times, shipped)
    }
  }
}
