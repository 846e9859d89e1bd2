import http from 'node:http'
import type { ServerOptions } from 'node:http'
import pino from 'pino'
import { loadConfig } from '../src/config/config.ts'
import { buildApp } from '../src/server/app.ts'
import { settings } from './settings.ts'

/** What the sidecar asks of node:http: what it hands to createServer, and what it sets afterwards. */
export interface NodeServer {
  readonly options: ServerOptions
  readonly properties: Readonly<Record<string, unknown>>
}

/** Reads the options where the sidecar passes them, so that the server it is compared with always has the same. */
export async function readServerOptions (): Promise<NodeServer> {
  const { createServer } = http
  let options: ServerOptions | undefined
  http.createServer = ((given: ServerOptions, listener: http.RequestListener) => {
    options = given
    return createServer(given, listener)
  }) as typeof createServer
  try {
    const app = buildApp(loadConfig(settings), pino({ level: 'silent' }))
    await app.ready()
    const { timeout, keepAliveTimeout, requestTimeout, headersTimeout, maxHeadersCount, maxRequestsPerSocket } = app.server
    if (options === undefined) throw new Error('the sidecar does not call http.createServer any more: mend bench/server-options.ts')
    return { options, properties: { timeout, keepAliveTimeout, requestTimeout, headersTimeout, maxHeadersCount, maxRequestsPerSocket } }
  } finally {
    http.createServer = createServer
  }
}
