import closeWithGrace from 'close-with-grace'
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import { buildDocuments, documentPath } from '../site/documents.ts'
import type { Site } from '../site/site.ts'
import { buildApp } from './app.ts'
import { boundConnections } from './overload/connections.ts'
import { drainOnClose } from './drain.ts'
import { limits } from './limits.ts'
import { listen } from './listen.ts'

/**
 * What close-with-grace would listen to and must not: once there is a listener for a signal that a crash raises, Node
 * no longer dies of the crash but loops in it; and beforeExit comes only where listening has failed.
 */
const notForUs = ['SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGSEGV', 'beforeExit'] as const

/**
 * Serves a configuration until a signal stops the process: requests in flight are finished, then it exits with 0.
 *
 * @throws {ListenError} when it can't listen.
 */
export async function serve (config: Config, log: Logger): Promise<void> {
  for (const warning of config.warnings) log.warn(warning)
  const app = buildApp(config, log)
  boundConnections(app.server, log)
  drainOnClose(app)
  closeWithGrace({ delay: limits.stopTimeout, logger: log, skip: [...notForUs] }, async ({ signal, err }) => {
    if (err !== undefined) log.fatal(err, 'stopping after an error of the program')
    else log.info(`${signal}: stopping`)
    await app.close()
    await new Promise<void>(resolve => log.flush(() => resolve()))
  })
  announce(config.site, await listen(app, config.server), log)
}

function announce (site: Site, address: string, log: Logger): void {
  log.info({ serverName: site.serverName, address }, `serving the well-known documents of ${site.serverName} at ${address}`)
  for (const { name, size, target } of buildDocuments(site)) {
    const path = documentPath(name)
    log.info({ path, size, target }, `${path}: ${size} bytes, ${target}`)
  }
}
