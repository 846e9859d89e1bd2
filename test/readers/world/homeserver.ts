import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { Scope } from '../../support/listen.ts'

/** The headers in which the proxy says where a request arrived. */
export const arrivalHeaders = { port: 'x-arrived-port', servername: 'x-arrived-servername' } as const

/** The response to each path, below any base URL. */
const responses: ReadonlyArray<readonly [string, unknown]> = [
  ['/_matrix/client/versions', { versions: ['v1.1', 'v1.11', 'v1.13', 'v1.15'] }],
  ['/_matrix/identity/v2', {}],
  ['/_matrix/federation/v1/version', { server: { name: 'Fake', version: '1.0.0' } }]
]

/** Says where each request arrived. */
export const fakeHomeserver: RequestListener = ({ headers: sent, url = '' }, response) => {
  const [, body] = responses.find(([path]) => url.endsWith(path)) ?? []
  // In a key that no reader knows, where the request arrived.
  const reached = {
    host: sent.host,
    port: Number(sent[arrivalHeaders.port]),
    servername: sent[arrivalHeaders.servername] ?? null
  }
  const headers = { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' }
  response
    .writeHead(body === undefined ? 404 : 200, headers)
    .end(JSON.stringify(body === undefined ? { errcode: 'M_UNRECOGNIZED', error: url } : { ...body, reached }))
}

/** Starts all homeservers and identity servers of a world in one. */
export async function startHomeserver (t: Scope, socket: string, handle: RequestListener): Promise<void> {
  const server = createServer(handle).listen(socket)
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
}
