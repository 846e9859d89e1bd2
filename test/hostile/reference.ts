import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { shorten } from '../../src/matrix/short-text.ts'
import { limits } from '../../src/server/limits.ts'

/** The documented error for an unknown path. */
const unknown = (path: string): string =>
  `No such path: ${shorten(path, 200)}. Documents are at /.well-known/matrix/…, ` +
  'and a proxy in front has to pass that path on unchanged'

/** A plain node:http server that responds as documented, so that only Node determines how the responses are framed. */
export async function startReference (
  t: Test, documents: ReadonlyMap<string, string>, etags: ReadonlyMap<string, string>
): Promise<number> {
  const { requestTimeout, headersTimeout, keepAliveTimeout, maxHeaderSize } = limits
  const options = { requireHostHeader: false, requestTimeout, headersTimeout, keepAliveTimeout, maxHeaderSize }
  const server = createServer(options, (request, response) => {
    const { method = '', url = '', headers } = request
    const [path = ''] = url.replace(/^http:\/\/[^/]*/, '').split('?')
    const known = documents.has(path)
    const etag = etags.get(path)
    const matches = etag !== undefined && ['*', etag].includes(headers['if-none-match'] ?? '')
    function respond (status: number, body: string): void {
      const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
      response.writeHead(status, headers).end(body)
    }
    function fail (status: number, errcode: string, error: string): void {
      respond(status, JSON.stringify({ errcode, error }))
    }
    if (headers.host === undefined && request.httpVersion === '1.1') {
      response.setHeader('Connection', 'close')
      fail(400, 'M_UNRECOGNIZED', 'HTTP/1.1 requires a Host header')
    } else if (method === 'OPTIONS') {
      response.writeHead(204).end()
    } else if (!known) {
      fail(404, 'M_UNRECOGNIZED', unknown(path))
    } else if (method !== 'GET' && method !== 'HEAD') {
      fail(405, 'M_UNRECOGNIZED', 'Method not allowed: use GET, HEAD, OPTIONS')
    } else if (documents.get(path) === '') {
      fail(404, 'M_NOT_FOUND', `${path} is not configured`)
    } else if (matches) {
      response.writeHead(304).end()
    } else {
      respond(200, documents.get(path) ?? '')
    }
  })
  // No response waits for a body.
  server.on('checkContinue', (request, response) => server.emit('request', request, response))
  t.teardown(() => { server.closeAllConnections(); server.close() })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
