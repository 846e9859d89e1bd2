import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { fileURLToPath } from 'node:url'
import { startProgram } from './program.ts'
import type { Program } from './program.ts'

const command = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

/** Starts the built sidecar with all four documents. */
export async function startSidecar (port: number, directory: string): Promise<Program> {
  return await startProgram({
    command: process.execPath,
    args: [command],
    ready: [/serving the well-known documents/],
    // A directory without .env.
    directory,
    environment: { HOST: '127.0.0.1', PORT: String(port), ...site }
  })
}

/** The settings of the sidecar, except for its address. */
export const site = {
  SERVER_NAME: 'example.com',
  M_SERVER: 'matrix.example.com:443',
  M_HOMESERVER_BASE_URL: 'https://matrix.example.com',
  EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"com.example.grüße":"ä/ö"}',
  SUPPORT_PAGE: 'https://example.com/matrix-help',
  POLICY_SERVER_ED25519: '6yhHGKhCiXTSEN2ksjV7kX/N6rBQZ3Xb+M7LlC6NS+s'
}

/** The documents of the sidecar. */
export const documents = {
  server: '{"m.server":"matrix.example.com:443"}',
  client: '{"m.homeserver":{"base_url":"https://matrix.example.com"},"com.example.grüße":"ä/ö"}',
  support: '{"support_page":"https://example.com/matrix-help"}',
  policy_server: '{"public_keys":{"ed25519":"6yhHGKhCiXTSEN2ksjV7kX/N6rBQZ3Xb+M7LlC6NS+s"}}'
} as const

/** Starts a server that responds with its name and the request: the site, or certbot. */
export async function startSite (name: string, port: number): Promise<() => Promise<void>> {
  return await startServer(port, (request, response) => {
    response.setHeader('Content-Type', 'text/html').end(`${name}: ${request.method} ${request.url}`)
  })
}

/** A request as the fake homeserver received it. */
export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly size: number
}

/** A homeserver that responds to every request with what it received. */
export const echoRequest: RequestListener = (request, response) => {
  let size = 0
  request.on('data', (chunk: Buffer) => { size += chunk.length })
  request.on('end', () => {
    const { method, url, headers } = request
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ method, url, headers, size }))
  })
}

export async function startServer (port: number, listener: RequestListener): Promise<() => Promise<void>> {
  const server = createServer(listener)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
}
