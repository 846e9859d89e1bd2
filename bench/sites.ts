import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { load, startServer } from './process.ts'
import type { Place, Server } from './process.ts'
import { measureReload, measureWatching } from './reload.ts'
import type { ReloadCosts } from './reload.ts'
import { formatSpread } from './report.ts'
import type { Bar, Benchmark, Lab } from './report.ts'
import { documentBytes, nameSite, siteFile, writeSiteFolder } from './site-folder.ts'
import { Samples, shuffle } from './statistics.ts'

/** Times are in seconds; `interval` is between looks for changes. */
const full = { counts: [1, 1_000, 10_000, 100_000], rounds: 5, warmUp: 4, wake: 1, slice: 2, interval: 30 }
const smoke = { counts: [1, 100], rounds: 1, warmUp: 0, wake: 0, slice: 1, interval: 1 }
const program = join(import.meta.dirname, '../dist/cli.js')

interface Row extends ReloadCosts {
  readonly count: number
  /** CPU time from the start of the process to the first 200, in milliseconds. */
  readonly start: number
  /** In use after a garbage collection, in bytes. */
  readonly heap: number
  readonly speed: Samples<Subject>
  readonly cpuPerRequest: Samples<Subject>
  readonly subject: Subject
}

/** One site is the reference for many. */
interface Subject {
  readonly reference?: Subject
}

export const sites: Benchmark = {
  subject: 'many sites: requests, start, memory, reloads',
  async run (lab) {
    const plan = lab.smoke ? smoke : full
    const [first = NaN, ...others] = plan.counts
    const one = await start(first, plan, lab)
    const rows = [await measure(first, one, one, plan, lab)]
    let watching = NaN
    for (const count of others) {
      const many = await start(count, plan, lab)
      rows.push(await measure(count, many, one, plan, lab))
      if (count === others.at(-1)) watching = await measureWatching(many, plan.interval * 1000)
      await many.stop()
      rmSync(join(lab.directory, `sites-${count}`), { recursive: true })
    }
    await one.stop()
    return {
      method: `Two documents for each site. ${plan.rounds} rounds of ${plan.slice} s with random hosts, each also ` +
        'with the process that has one site. Heap is what is in use after a garbage collection. One file is changed: ' +
        'CPU time to find and load it, and the longest turn of the event loop meanwhile, as CPU time.',
      head: [
        'sites', 'requests/s', '÷ one', 'CPU, µs per request', '÷ one',
        'CPU s to start', 'heap, MB', 'CPU ms to reload', 'longest turn, ms'
      ],
      rows: rows.map(({ count, speed, cpuPerRequest, subject, start, heap, cpu, longestTurn }) => [
        count.toLocaleString('en'), formatSpread(speed.spread(subject)), speed.ratio(subject).toFixed(2),
        formatSpread(cpuPerRequest.spread(subject), 1), cpuPerRequest.ratio(subject).toFixed(2),
        (start / 1000).toFixed(2), (heap / 1e6).toFixed(1), cpu.toFixed(0), longestTurn.toFixed(1)
      ]),
      bars: listBars(rows, watching)
    }
  }
}

function listBars (rows: readonly Row[], watching: number): Bar[] {
  const [one, last] = [rows.at(0), rows.at(-1)]
  if (one === undefined || last === undefined) throw new Error('no rows')
  const perSite = (last.heap - one.heap) / (last.count - one.count) - documentBytes
  return [
    ...rows.slice(1).map(({ count, speed, subject }): Bar => ({
      text: `requests/s with ${count.toLocaleString('en')} sites ÷ one`,
      limit: ['≥', 0.95],
      measured: speed.ratio(subject)
    })),
    ...rows.filter(({ count }) => count >= 10_000).map(({ count, start }): Bar => ({
      text: `CPU s to start with ${count.toLocaleString('en')} sites`,
      limit: ['≤', count === 10_000 ? 1.5 : 12],
      measured: start / 1000
    })),
    { text: 'KB of heap per site besides its documents', limit: ['≤', 2], measured: perSite / 1000 },
    { text: 'CPU s to reload one of the most sites', limit: ['≤', 1], measured: last.cpu / 1000 },
    { text: 'delay of a request in ms meanwhile', limit: ['≤', 20], measured: last.longestTurn },
    { text: 'share of a core for watching the most sites', limit: ['≤', 0.01], measured: watching }
  ]
}

async function start (count: number, { interval }: typeof full, lab: Lab): Promise<Server> {
  const folder = await writeSiteFolder(count, lab)
  return await startServer(({ port }: Place) => ({
    command: process.execPath,
    args: ['--require', join(import.meta.dirname, 'observe.cjs'), program],
    environment: {
      SITES_DIR: folder,
      SITES_RELOAD_SECONDS: String(interval),
      // It responds to the request that waits for the start.
      SERVER_NAME: 'own.example',
      HOST: '127.0.0.1',
      PORT: String(port)
    },
    isObserved: true
  }), lab)
}

async function measure (count: number, many: Server, one: Server, plan: typeof full, lab: Lab): Promise<Row> {
  const heap = await many.ask('heap')
  const reference: Subject = {}
  const subject = many === one ? reference : { reference }
  const [speed, cpuPerRequest] = [new Samples<Subject>(), new Samples<Subject>()]
  const script = 'sites.lua'
  // The client's work is the same, or its cache misses would count, too.
  const SITES = String(many === one ? plan.counts.at(-1) : count)
  const targets = new Map([[reference, { server: one, environment: { SITES, ONE: nameSite(0) } }]])
  if (many !== one) targets.set(subject, { server: many, environment: { SITES, ONE: '' } })
  for (const { server, environment } of targets.values()) {
    if (plan.warmUp > 0) await load(server, plan.warmUp, { script, environment })
  }
  for (let round = 0; round < plan.rounds; round++) {
    for (const [each, { server, environment }] of shuffle([...targets])) {
      if (plan.wake > 0) await load(server, plan.wake, { script, environment })
      const loaded = await load(server, plan.slice, { script, environment })
      speed.add(each, loaded.speed)
      cpuPerRequest.add(each, loaded.cpu)
    }
  }
  const costs = await measureReload(many, siteFile(join(lab.directory, `sites-${count}`), 0))
  return { count, start: many.startCpu, heap, speed, cpuPerRequest, subject, ...costs }
}
