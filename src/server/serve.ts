import { promisify } from 'node:util'
import type { Logger } from 'pino'
import { countNouns } from '../matrix/format-count.ts'
import { documentPath } from '../site/documents.ts'
import type { Document } from '../site/documents.ts'
import type { Site } from '../site/site.ts'
import { buildApp } from './app.ts'
import type { AppOptions } from './app.ts'
import { drainOnClose } from './drain.ts'
import type { ListenAddress } from './listen-error.ts'
import { listen } from './listen.ts'
import type { SitesState } from './metrics.ts'
import type { HeapBudget } from './overload/heap-budget.ts'
import { RequestCounts } from './request-counts.ts'
import { stopOnSignals } from './stop.ts'

export interface ServeOptions {
  readonly server: ListenAddress & Omit<AppOptions, 'directory' | 'count' | 'logHosts' | 'heap'> & {
    /** Where the metrics are; undefined for none. */
    readonly metrics: ListenAddress | undefined
  }
  readonly directory: AppOptions['directory']
  readonly heap: HeapBudget
  /** The site that responds to every host, or to all that no other site has. */
  readonly own: { readonly site: Site, readonly documents: readonly Document[] } | undefined
  /** How many other sites there are; undefined without a folder of sites. */
  readonly sites: number | undefined
  /** For the metrics. */
  readonly sitesState: () => SitesState
  /** Of this program. */
  readonly version: string
}

/**
 * Serves a configuration until a signal stops the process: requests in flight are finished, then it exits with 0.
 *
 * @returns where it listens: a URL, or the path of a Unix socket.
 * @throws {ListenError} if it can't listen.
 */
export async function serve (options: ServeOptions, log: Logger): Promise<string> {
  const { server, directory, heap, sites } = options
  const requests = server.metrics && new RequestCounts()
  const count = requests && ((target: string, status: number) => requests.add(target, status))
  const app = buildApp({ ...server, directory, count, heap, logHosts: sites !== undefined }, log)
  const apps = [app]
  drainOnClose(app)
  stopOnSignals(async () => await Promise.all(apps.map(async each => await each.close())), log)
  if (server.metrics !== undefined && requests !== undefined) {
    const { buildMetricsApp } = await import('./metrics.ts')
    const { version, sitesState } = options
    const countConnections = promisify(app.server.getConnections.bind(app.server))
    const metrics = buildMetricsApp({ version, requests, countConnections, sites: sitesState })
    apps.push(metrics)
    log.info(`metrics at ${await listen(metrics, server.metrics, 'METRICS_')}/metrics`)
  }
  const address = await listen(app, server)
  announce(options, address, log)
  return address
}

function announce ({ own, sites }: ServeOptions, address: string, log: Logger): void {
  const serverName = own?.site.serverName
  const others = serverName === undefined ? '' : `, and ${serverName} at other hosts,`
  const subject = sites === undefined ? serverName : `${countNouns(sites, 'site')}${others}`
  log.info({ serverName, sites, address }, `serving the well-known documents of ${subject} at ${address}`)
  for (const { name, size, target } of own?.documents ?? []) {
    const path = documentPath(name)
    log.info({ path, size, target }, `${path}: ${size} bytes, ${target}`)
  }
}
