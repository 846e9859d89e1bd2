import closeWithGrace from 'close-with-grace'
import type { Logger } from 'pino'
import { buildDirectory } from '../site/directory.ts'
import { documentPath } from '../site/documents.ts'
import type { Document } from '../site/documents.ts'
import type { Site } from '../site/site.ts'
import { buildApp } from './app.ts'
import type { AppOptions } from './app.ts'
import { drainOnClose } from './drain.ts'
import { limits } from './limits.ts'
import type { ListenAddress } from './listen-error.ts'
import { listen } from './listen.ts'

/** What `loadConfig` returns. */
export interface ServeOptions {
  readonly server: ListenAddress & Omit<AppOptions, 'directory'>
  readonly site: Site
  /** Of the site. */
  readonly documents: readonly Document[]
  readonly warnings: ReadonlyArray<{ readonly message: string }>
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
export async function serve ({ server, site, documents, warnings }: ServeOptions, log: Logger): Promise<void> {
  for (const { message } of warnings) log.warn(message)
  const directory = buildDirectory(site, documents)
  const app = buildApp({ ...server, directory: () => directory }, log)
  drainOnClose(app)
  closeWithGrace({ delay: limits.stopTimeout, logger: log, skip: [...skip] }, async ({ signal, err }) => {
    if (err !== undefined) log.fatal(err, 'stopping after an error of the program')
    else log.info(`${signal}: stopping`)
    await app.close()
    await new Promise<void>(resolve => log.flush(() => resolve()))
  })
  announce(site, documents, await listen(app, server), log)
}

function announce ({ serverName }: Site, documents: readonly Document[], address: string, log: Logger): void {
  log.info({ serverName, address }, `serving the well-known documents of ${serverName} at ${address}`)
  for (const { name, size, target } of documents) {
    const path = documentPath(name)
    log.info({ path, size, target }, `${path}: ${size} bytes, ${target}`)
  }
}
