import { promisify } from 'node:util'
import closeWithGrace from 'close-with-grace'
import type { Logger } from 'pino'
import { documentPath } from '../site/documents.ts'
import type { Document } from '../site/documents.ts'
import type { Site } from '../site/site.ts'
import { buildApp } from './app.ts'
import type { AppOptions } from './app.ts'
import { drainOnClose } from './drain.ts'
import { limits } from './limits.ts'
import type { ListenAddress } from './listen-error.ts'
import { listen } from './listen.ts'
import type { SitesState } from './metrics.ts'
import { RequestCounts } from './request-counts.ts'

export interface ServeOptions {
  readonly server: ListenAddress & Omit<AppOptions, 'directory' | 'count'> & {
    /** Where the metrics are; undefined for none. */
    readonly metrics: ListenAddress | undefined
  }
  readonly directory: AppOptions['directory']
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
 * Signals and events that close-with-grace must not listen to. With a listener for a signal that a crash raises, Node
 * would not end but crash in a loop. `beforeExit` occurs only if listening has failed. The other two don't stop us.
 */
const skip = ['SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGSEGV', 'beforeExit', 'SIGHUP', 'SIGUSR2'] as const

/**
 * Serves a configuration until a signal stops the process: requests in flight are finished, then it exits with 0.
 *
 * @throws {ListenError} if it can't listen.
 */
export async function serve (options: ServeOptions, log: Logger): Promise<void> {
  const { server, directory } = options
  const requests = server.metrics && new RequestCounts()
  const count = requests && ((target: string, status: number) => requests.add(target, status))
  const app = buildApp({ ...server, directory, count }, log)
  const apps = [app]
  drainOnClose(app)
  closeWithGrace({ delay: limits.stopTimeout, logger: log, skip: [...skip] }, async ({ signal, err }) => {
    if (err !== undefined) log.fatal(err, 'stopping after an error of the program')
    else log.info(`${signal}: stopping`)
    await Promise.all(apps.map(async each => await each.close()))
    await new Promise<void>(resolve => log.flush(() => resolve()))
  })
  if (server.metrics !== undefined && requests !== undefined) {
    const { buildMetricsApp } = await import('./metrics.ts')
    const { version, sitesState } = options
    const countConnections = promisify(app.server.getConnections.bind(app.server))
    const metrics = buildMetricsApp({ version, requests, countConnections, sites: sitesState })
    apps.push(metrics)
    log.info(`metrics at ${await listen(metrics, server.metrics, 'METRICS_')}/metrics`)
  }
  announce(options, await listen(app, server), log)
}

function announce ({ own, sites }: ServeOptions, address: string, log: Logger): void {
  const serverName = own?.site.serverName
  const others = serverName === undefined ? '' : `, and ${serverName} at other hosts,`
  const subject = sites === undefined ? serverName : `${sites} sites${others}`
  log.info({ serverName, sites, address }, `serving the well-known documents of ${subject} at ${address}`)
  for (const { name, size, target } of own?.documents ?? []) {
    const path = documentPath(name)
    log.info({ path, size, target }, `${path}: ${size} bytes, ${target}`)
  }
}
