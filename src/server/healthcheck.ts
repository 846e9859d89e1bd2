import { get } from 'node:http'
import { healthPath } from './health.ts'
import type { ListenAddress } from './listen-error.ts'
import { socketPath } from './listen.ts'

/** In milliseconds; shorter than container engines wait for a health check. */
const timeout = 2_000

/**
 * Requests `/health` from the server that listens on this machine.
 *
 * @throws {Error} if it doesn't respond that it is healthy.
 */
export async function checkHealth ({ host, port }: ListenAddress): Promise<void> {
  const path = socketPath(host)
  // Node would use port 80 instead.
  if (path === undefined && port === 0) {
    throw new Error('PORT is 0, any free port; set the one that the server listens on')
  }
  const target = path === undefined ? { host: localAddress(host), port } : { socketPath: path }
  const signal = AbortSignal.timeout(timeout)
  // The server listens on the first address of a name, so that is the one to connect to.
  const options = { ...target, path: healthPath, agent: false, autoSelectFamily: false, signal }
  await new Promise<void>((resolve, reject) => {
    const request = get(options, response => {
      response.resume()
      if (response.statusCode === 200) resolve()
      else reject(new Error(`status ${response.statusCode}`))
    })
    request.once('error', error => {
      reject(signal.aborted ? new Error(`no response within ${timeout} ms`) : explain(error))
    })
  })
}

function explain (error: NodeJS.ErrnoException): Error {
  const { code, message } = error
  if (code !== 'ECONNREFUSED' && code !== 'ENOENT') return error
  return new Error(`no server listens there (${message}); start it with the same HOST and PORT`)
}

/** The address that stands for all addresses is one to listen on, not one to connect to. */
function localAddress (host: string): string {
  return host === '::' || host === '0.0.0.0' ? '127.0.0.1' : host
}
