import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { load, readCpuTime, readMemory, startServer } from './process.ts'
import type { Launch, Place, Server } from './process.ts'
import type { Benchmark, Lab } from './report.ts'

const full = { counts: [1, 1_000, 10_000, 100_000], load: 5, watch: 35 }
const smoke = { counts: [1, 100], load: 1, watch: 2 }
const program = join(import.meta.dirname, '../dist/cli.js')

interface Row {
  readonly count: number
  readonly start: number
  readonly speed: number
  readonly memory: number
  readonly reloadCpu: number
  readonly delay: number
  /** The share of a core that watching takes. */
  readonly watching: number
}

export const sites: Benchmark = {
  subject: 'many sites: requests, start, memory, reloads',
  async run (lab) {
    const plan = lab.smoke ? smoke : full
    const rows: Row[] = []
    for (const count of plan.counts) rows.push(await measure(count, plan, lab))
    const [one, last] = [rows.at(0), rows.at(-1)]
    if (one === undefined || last === undefined) throw new Error('no rows')
    const documents = Buffer.byteLength(`{"m.server":"matrix.site-99999.example:443"}${clientDocument(99_999)}`)
    const perSite = (last.memory - one.memory) * 1e6 / (last.count - one.count) - documents
    return {
      method: `Two documents for each site. Requests with random hosts for ${plan.load} s. One file is changed, and ` +
        'requested every 2 ms: CPU time until the change is served, and the slowest response. Watching: CPU time in ' +
        `${plan.watch} s, in which the folder is looked at once.`,
      head: ['sites', 'requests/s', '÷ one', 'CPU s to start', 'MB', 'CPU ms to reload', 'max delay in ms', 'watching'],
      rows: rows.map(({ count, speed, start, memory, reloadCpu, delay, watching }) => [
        count.toLocaleString('en'), Math.round(speed).toLocaleString('en'), (speed / one.speed).toFixed(2),
        (start / 1000).toFixed(2), memory.toFixed(0), reloadCpu.toFixed(0), delay.toFixed(1),
        `${(100 * watching).toFixed(2)} %`
      ]),
      bars: [
        ...rows.slice(1).map(({ count, speed }) => ({
          text: `requests/s with ${count.toLocaleString('en')} sites ÷ one`,
          limit: ['≥', 0.95] as const,
          measured: speed / one.speed
        })),
        ...rows.filter(({ count }) => count >= 10_000).map(({ count, start }) => ({
          text: `CPU s to start with ${count.toLocaleString('en')} sites`,
          limit: ['≤', count === 10_000 ? 1.5 : 12] as const,
          measured: start / 1000
        })),
        { text: 'KB per site besides its documents', limit: ['≤', 2], measured: perSite / 1000 },
        { text: 'CPU s to reload one of the most sites', limit: ['≤', 1], measured: last.reloadCpu / 1000 },
        { text: 'delay of a request in ms meanwhile', limit: ['≤', 20], measured: last.delay },
        { text: 'share of a core for watching', limit: ['≤', 0.01], measured: last.watching }
      ]
    }
  }
}

function clientDocument (index: number): string {
  return `{"m.homeserver":{"base_url":"https://matrix.site-${index}.example"}}`
}

async function measure (count: number, plan: typeof full, lab: Lab): Promise<Row> {
  const folder = join(lab.directory, `sites-${count}`)
  mkdirSync(folder)
  for (let i = 0; i < count; i++) {
    const names = `SERVER_NAME=site-${i}.example\nM_SERVER=matrix.site-${i}.example:443\n`
    writeFileSync(join(folder, `site-${i}.env`), `${names}M_HOMESERVER_BASE_URL=https://matrix.site-${i}.example\n`)
  }
  // Files that have just been written are read twice.
  await sleep(lab.smoke ? 0 : 2_500)
  const launch = ({ port }: Place): Launch => ({
    command: process.execPath,
    args: [program],
    // The own site responds to the request that waits for the start.
    environment: { SITES_DIR: folder, SERVER_NAME: 'own.example', HOST: '127.0.0.1', PORT: String(port) }
  })
  const server = await startServer(launch, lab)
  await sleep(1_000)
  const memory = readMemory(server.pid)
  const random = { script: 'sites.lua', environment: { SITES: String(count) } }
  await load(server, 1, random)
  const { speed } = await load(server, plan.load, random)
  const before = readCpuTime(server.pid)
  await sleep(plan.watch * 1000)
  const watching = (readCpuTime(server.pid) - before) / 1e6 / plan.watch
  const reload = await measureReload(server, join(folder, 'site-0.env'))
  await server.stop()
  rmSync(folder, { recursive: true })
  return { count, start: server.startCpu, speed, memory, watching, ...reload }
}

/** Changes a file, and requests something else until the change is served. */
async function measureReload ({ pid, url }: Server, file: string): Promise<Pick<Row, 'reloadCpu' | 'delay'>> {
  let delay = 0
  const before = readCpuTime(pid)
  appendFileSync(file, 'CACHE_MAX_AGE=600\n')
  process.kill(pid, 'SIGHUP')
  for (let caching; caching !== 'public, max-age=600'; await sleep(2)) {
    const started = performance.now()
    caching = await new Promise<string | undefined>((resolve, reject) => {
      get(url, { headers: { host: 'site-0.example' } }, response => {
        response.resume()
        resolve(response.headers['cache-control'])
      }).once('error', reject)
    })
    delay = Math.max(delay, performance.now() - started)
  }
  return { reloadCpu: (readCpuTime(pid) - before) / 1000, delay }
}
