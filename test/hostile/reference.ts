import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { limits } from '../../src/server/limits.ts'

/** What the server says of a path that it does not know, as the README has it. */
const unknown = (path: string): string =>
  `No such path: ${path.length > 200 ? `${path.slice(0, 200)}…` : path}. Documents are at /.well-known/matrix/…, and a proxy in front has to pass that path on unchanged`

/** A server of node:http and nothing else that answers as the README says, so that Node alone frames the answers. */
export async function startReference (t: Test, documents: ReadonlyMap<string, string>, etags: ReadonlyMap<string, string>): Promise<number> {
  const options = { requireHostHeader: false, requestTimeout: limits.requestTimeout, headersTimeout: limits.headersTimeout, keepAliveTimeout: limits.keepAliveTimeout, maxHeaderSize: limits.maxHeaderSize }
  const server = createServer(options, (request, response) => {
    const { method = '', url = '', headers } = request
    const [path = ''] = url.replace(/^http:\/\/[^/]*/, '').split('?')
    const known = documents.has(path)
    function answer (status: number, body: string): void {
      response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }).end(body)
    }
    const fail = (status: number, errcode: string, error: string): void => answer(status, JSON.stringify({ errcode, error }))
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
    } else if (headers['if-none-match'] !== undefined && etags.has(path) && ['*', etags.get(path)].includes(headers['if-none-match'])) {
      response.writeHead(304).end()
    } else {
      answer(200, documents.get(path) ?? '')
    }
  })
  // Nothing waits for a body here.
  server.on('checkContinue', (request, response) => server.emit('request', request, response))
  t.teardown(() => { server.closeAllConnections(); server.close() })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
