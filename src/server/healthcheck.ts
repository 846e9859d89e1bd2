import { get } from 'node:http'
import type { ListenAddress } from '../config/config.ts'
import { socketPath } from './listen.ts'

/** In milliseconds; shorter than what container engines give a health check. */
const timeout = 2_000

/**
 * Asks the server that listens on this machine for `/health`.
 *
 * @throws {Error} when it does not answer that it is well.
 */
export async function checkHealth ({ host, port }: ListenAddress): Promise<void> {
  const path = socketPath(host)
  // Node would take it for another, and ask a stranger.
  if (path === undefined && port === 0) throw new Error('PORT is 0, any free one: set the one that the server listens on')
  const target = path === undefined ? { host: localAddress(host), port } : { socketPath: path }
  const signal = AbortSignal.timeout(timeout)
  // The server listens on the first address of a name, so that is the one to ask.
  const options = { ...target, path: '/health', agent: false, autoSelectFamily: false, signal }
  await new Promise<void>((resolve, reject) => {
    const request = get(options, response => {
      response.resume()
      if (response.statusCode === 200) resolve()
      else reject(new Error(`status ${response.statusCode}`))
    })
    request.once('error', error => reject(signal.aborted ? new Error(`no answer within ${timeout} ms`) : error))
  })
}

/** An address that is all addresses is one to listen on, not one to connect to. */
function localAddress (host: string): string {
  return host === '::' || host === '0.0.0.0' ? '127.0.0.1' : host
}
