import type { Test } from 'tap'
import { documents } from './backends.ts'
import type { Received } from './backends.ts'
import type { Protocol, Request, Response } from './client.ts'
import type { PortName } from './proxies.ts'
import type { Setup } from './setup.ts'

export const wellKnown = '/.well-known/matrix'

/** How examples differ. */
export interface Variant {
  /** It serves www.example.com, too, and redirects its site. */
  readonly www: boolean
  /** It listens on port 8448, too. */
  readonly federation: boolean
  /** It adds the client's address to an X-Forwarded-For that it receives, instead of replacing it. */
  readonly addsForwardedFor: boolean
}

const complete: Variant = { www: true, federation: true, addsForwardedFor: false }

interface Expected {
  readonly status: number
  readonly body: string | RegExp
  readonly headers?: Readonly<Record<string, string>>
}

const cors = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, PUT, DELETE, OPTIONS',
  'access-control-allow-headers': 'X-Requested-With, Content-Type, Authorization',
  'x-content-type-options': 'nosniff'
}
const json = { 'content-type': 'application/json' }
const cached = { 'cache-control': 'public, max-age=3600' }
const failed = { ...json, 'cache-control': 'no-store' }

const preflight = {
  Origin: 'https://app.example.org',
  'Access-Control-Request-Method': 'GET',
  'Access-Control-Request-Headers': 'x-requested-with'
}
const upgrade = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ=='
}

/** The responses of the sidecar arrive unchanged. */
export async function testResponses (
  t: Test, setup: Setup, protocol: Protocol, { www } = complete
): Promise<void> {
  const sidecar = setup.open(t, 'http', 'example.com', 'sidecar1')
  const { headers } = await sidecar.send({ method: 'GET', path: `${wellKnown}/server` })
  const etag = valuesOf(headers, 'etag')[0] ?? ''
  t.match(etag, /^"[0-9a-f]{16}"$/)

  const cases: Array<[request: Request, expected: Expected]> = [
    ...Object.entries(documents).map(([name, body]): [Request, Expected] =>
      [{ method: 'GET', path: `${wellKnown}/${name}` }, { status: 200, body, headers: { ...json, ...cached } }]),
    [
      { method: 'GET', path: `${wellKnown}/server?a=%2F` },
      { status: 200, body: documents.server, headers: { ...json, ...cached, etag } }
    ],
    [{ method: 'HEAD', path: `${wellKnown}/server` }, { status: 200, body: '', headers: { ...json, ...cached, etag } }],
    ...[etag, `W/${etag}`].map((tag): [Request, Expected] => [
      // As a browser sends it: a proxy that compresses must not break the tag.
      { method: 'GET', path: `${wellKnown}/server`, headers: { 'If-None-Match': tag, 'Accept-Encoding': 'gzip, br' } },
      { status: 304, body: '', headers: { ...cached, etag } }
    ]),
    [
      { method: 'GET', path: `${wellKnown}/nothing/a%2Fb%21%20` },
      { status: 404, body: / \/\.well-known\/matrix\/nothing\/a%2Fb%21%20(?![\w%/-])/, headers: failed }
    ],
    [
      { method: 'POST', path: `${wellKnown}/client`, body: Buffer.from('{}') },
      { status: 405, body: /M_UNRECOGNIZED/, headers: { ...failed, allow: 'GET, HEAD, OPTIONS' } }
    ],
    [{ method: 'OPTIONS', path: `${wellKnown}/client` }, { status: 204, body: '' }],
    [{ method: 'OPTIONS', path: `${wellKnown}/client`, headers: preflight }, { status: 204, body: '' }],
    [{ method: 'OPTIONS', path: `${wellKnown}/nothing`, headers: preflight }, { status: 204, body: '' }],
    ...(www ? ['www.example.com'] : []).map((host): [Request, Expected] => [
      { method: 'GET', path: `${wellKnown}/client`, host },
      { status: 200, body: documents.client, headers: { ...json, ...cached } }
    ]),
    // HTTP/2 has no such headers.
    ...(protocol === 'h2' ? [] : [upgrade]).map((headers): [Request, Expected] => [
      { method: 'GET', path: `${wellKnown}/client`, headers },
      { status: 200, body: documents.client, headers: json }
    ])
  ]
  const client = setup.open(t, protocol, 'example.com', 'https')
  for (const [request, expected] of cases) {
    const { status, headers, body } = await client.send(request)
    const message = `${request.method} ${request.host ?? ''}${request.path}`
    t.equal(status, expected.status, message)
    if (typeof expected.body === 'string') t.equal(body, expected.body, message)
    else t.match(body, expected.body, message)
    for (const [name, value] of Object.entries({ ...cors, ...expected.headers })) {
      t.strictSame(valuesOf(headers, name), [value], `${message}: ${name}, once`)
    }
  }
}

/** Everything else on the host of the server name is the site. */
export async function testSite (t: Test, setup: Setup, protocol: Protocol, { www } = complete): Promise<void> {
  const client = setup.open(t, protocol, 'example.com', 'https')
  for (const path of ['/', '/a%20b?c=d', '/.well-known/security.txt', '/.well-known/matrix-other']) {
    const { status, headers, body } = await client.send({ method: 'GET', path })
    t.equal(status, 200, path)
    t.equal(body, `site: GET ${path}`)
    t.strictSame(valuesOf(headers, 'access-control-allow-origin'), [], path)
  }
  if (!www) return
  const other = setup.open(t, protocol, 'www.example.com', 'https')
  for (const path of ['/', '/a%20b?c=d%26']) {
    t.equal(redirectOf(await other.send({ method: 'GET', path })), `https://example.com${path}`)
  }
}

/** The requests of clients and servers arrive at the homeserver unchanged. */
export async function testHomeserver (
  t: Test, setup: Setup, protocol: Protocol, { federation, addsForwardedFor } = complete
): Promise<void> {
  const paths = [
    '/_matrix/client/v3/rooms/%21abc%3Aexample.com/state?a=%20b%2F',
    '/_matrix/client/v3/directory/room/%23a%2Fb%25c%3Aexample.com',
    '/_matrix/federation/v1/version'
  ]
  const places: Array<readonly [port: PortName, host: string, paths: readonly string[]]> = [
    ['https', 'matrix.example.com', [...paths, '/_synapse/client/a%2Fb%3Ac?d=e']],
    ...federation ? [['federation', 'matrix.example.com:8448', paths] as const] : []
  ]
  for (const [port, host, paths] of places) {
    const client = setup.open(t, protocol, 'matrix.example.com', port)
    for (const path of paths) {
      const forged = { 'X-Forwarded-For': '203.0.113.7', 'X-Forwarded-Proto': 'http' }
      const { status, body } = await client.send({ method: 'GET', path, host, headers: forged })
      t.equal(status, 200, path)
      const { url, headers } = readReceived(body)
      t.equal(url, path)
      t.equal(headers.host, host)
      t.equal(headers['x-forwarded-for'], addsForwardedFor ? '203.0.113.7, 127.0.0.1' : '127.0.0.1')
      t.equal(headers['x-forwarded-proto'], 'https')
    }
    const media = Buffer.alloc(5_000_000)
    const upload = await client.send({ method: 'POST', path: '/_matrix/media/v3/upload', host, body: media })
    t.equal(upload.status, 200)
    t.equal(readReceived(upload.body).size, 5_000_000)
    for (const path of ['/', '/_synapse/admin/v1/users']) {
      t.equal((await client.send({ method: 'GET', path, host })).status, 404, path)
    }
  }
}

function valuesOf (headers: Response['headers'], name: string): string[] {
  return headers.filter(([candidate]) => candidate === name).map(([, value]) => value)
}

/** The target of a permanent redirect, without the port, which only tests have; or undefined. */
export function redirectOf ({ status, headers }: Response): string | undefined {
  if (status !== 301 && status !== 308) return undefined
  const { protocol, hostname, pathname, search } = new URL(valuesOf(headers, 'location')[0] ?? '')
  return `${protocol}//${hostname}${pathname}${search}`
}

function readReceived (body: string): Received {
  const received: Received = JSON.parse(body)
  return received
}
