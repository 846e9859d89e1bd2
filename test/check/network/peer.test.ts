import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { createSecureContext } from 'node:tls'
import { test } from 'tap'
import type { Test } from 'tap'
import { openNetwork } from '../../../src/check/network/network.ts'
import type { Network, NetworkOptions } from '../../../src/check/network/network.ts'
import { Connections, maxBodySize } from '../../../src/check/network/peer.ts'
import type { Exchange, Peer, Request } from '../../../src/check/network/peer.ts'
import { respondWith, text } from '../../support/responses.ts'
import { cutBody, endlessBody, noResponse, noBody, resetInBody, slowDrip } from '../../support/bad-bodies.ts'
import { resetConnection } from '../../support/tls-host.ts'
import { startWorld } from '../../support/world.ts'
import type { FailingHost, HttpsHost, World } from '../../support/world.ts'

const get: Request = { method: 'GET', target: '/path?query', headers: {} }

/** A peer of the name example.com, where this host is. */
async function openPeer (
  t: Test,
  host: HttpsHost | FailingHost | undefined,
  options: NetworkOptions = {}
): Promise<{ peer: Peer; network: Network; world: World }> {
  const world = await startWorld(t, { records: {}, hosts: host === undefined ? {} : { '127.0.0.2:443': host } })
  const network = openNetwork({ connect: world.connect, ca: [world.ca], timeout: 60, ...options })
  t.teardown(() => {
    network.close()
  })
  return {
    peer: network.openPeer({
      scheme: 'https',
      address: '127.0.0.2',
      port: 443,
      tlsName: 'example.com',
      host: 'example.com'
    }),
    network,
    world
  }
}

function https (handler: RequestListener, options: Partial<HttpsHost> = {}): HttpsHost {
  return { certificate: ['DNS:example.com'], handler, ...options }
}

/** Bytes instead of a response. */
function bytes (content: string): RequestListener {
  return ({ socket }) => {
    socket.write(Buffer.from(content, 'latin1'))
  }
}

test('returns the response as it was sent', async t => {
  const { peer, world } = await openPeer(
    t,
    https(respondWith('body', { status: 418, headers: { 'X-Twice': ['1', '2'], Date: undefined } }))
  )
  const { url, address, port, tls, response, failure } = await peer.send({ ...get, headers: { 'User-Agent': 'test' } })
  t.match(
    { url, address, port, failure },
    { url: 'https://example.com/path?query', address: '127.0.0.2', port: 443, failure: undefined }
  )
  t.match(tls, { protocol: 'TLSv1.3', names: ['example.com'], nameMatches: true, chainFault: undefined })
  t.match(response, { status: 418, body: Buffer.from('body'), truncated: false })
  t.same(
    response?.headers.filter(([name]) => name === 'x-twice'),
    [
      ['x-twice', '1'],
      ['x-twice', '2']
    ],
    'a header that came twice, twice'
  )
  t.match(world.requests, [
    { method: 'GET', url: '/path?query', host: 'example.com', servername: 'example.com', userAgent: 'test' }
  ])
})

const failures: Readonly<
  Record<string, readonly [host: HttpsHost | FailingHost | undefined, kind: string, phase: string, message: RegExp]>
> = {
  'refuses connections': [undefined, 'refused', 'connect', /ECONNREFUSED/],
  'lets connections wait': ['dropping', 'timeout', 'connect', /timeout$/],
  'is nowhere': ['unroutable', 'unroutable', 'connect', /ENETUNREACH/],
  'takes connections and says nothing': ['hanging', 'timeout', 'tls', /timeout$/],
  'resets connections': ['resetting', 'reset', 'tls', /ECONNRESET/],
  'speaks no TLS': ['plain', 'tls', 'tls', /^wrong version number \(ERR_SSL_WRONG_VERSION_NUMBER\)$/],
  'speaks TLS 1.1 alone': [
    https(text('old'), { maxVersion: 'TLSv1.1' }),
    'tls',
    'tls',
    /^tlsv1 alert protocol version \(ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION\)$/
  ],
  'never responds': [https(noResponse()), 'timeout', 'response', /timeout$/],
  'hangs up': [https(({ socket }) => socket.end()), 'reset', 'response', /ECONNRESET/],
  'resets the connection of a request': [
    https(({ socket }) => {
      resetConnection(socket)
    }),
    'reset',
    'response',
    /ECONNRESET/
  ],
  "responds with bytes that aren't HTTP": [https(bytes('SSH-2.0-OpenSSH_9.2\r\n')), 'not-http', 'response', /HPE_/],
  'responds with an escape sequence in a header': [
    https(bytes('HTTP/1.1 200 OK\r\nServer: \u001b[31m\r\n\r\n')),
    'not-http',
    'response',
    /HPE_INVALID_HEADER_TOKEN/
  ],
  'responds with headers of 40 kB': [
    https(bytes(`HTTP/1.1 200 OK\r\nServer: ${'a'.repeat(40_000)}\r\n\r\n`)),
    'not-http',
    'response',
    /HPE_HEADER_OVERFLOW/
  ],
  'switches to another protocol': [
    https(bytes('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n')),
    'reset',
    'response',
    /closed/
  ],
  'sends informational responses forever': [
    https(({ socket }) => {
      const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 50)
      socket.once('close', () => clearInterval(timer))
    }),
    'timeout',
    'response',
    /timeout$/
  ]
}

for (const [title, [host, kind, phase, message]] of Object.entries(failures)) {
  test(`reports a peer that ${title}`, async t => {
    const { peer } = await openPeer(t, host, kind === 'timeout' ? { timeout: 2 } : {})
    const { response, failure } = await peer.send(get)
    t.match({ response, failure }, { response: undefined, failure: { kind, phase, message } })
  })
}

const halves: Readonly<Record<string, readonly [handler: RequestListener, kind: string, body: RegExp]>> = {
  'resets the connection in the middle of a response': [resetInBody(), 'reset', /^{"m.server":$/],
  'ends a response early': [cutBody(), 'reset', /^{"m.server":$/],
  'never ends a response': [slowDrip(), 'timeout', /^ +$/],
  'sends only the head of a response': [noBody(), 'timeout', /^$/]
}

for (const [title, [handler, kind, body]] of Object.entries(halves)) {
  test(`reports a peer that ${title}`, async t => {
    const { peer } = await openPeer(t, https(handler), kind === 'timeout' ? { timeout: 2 } : {})
    const { response, failure } = await peer.send(get)
    t.match({ failure, truncated: response?.truncated }, { failure: { kind, phase: 'response' }, truncated: false })
    t.match(response?.body.toString(), body)
  })
}

test('reads no more of a response than any reader does', async t => {
  const { peer } = await openPeer(t, https(endlessBody()))
  const { response, failure } = await peer.send(get)
  t.match(
    { failure, truncated: response?.truncated, size: response?.body.length },
    { failure: undefined, truncated: true, size: maxBodySize }
  )
})

test('sends no server name if a peer is an address', async t => {
  const world = await startWorld(t, {
    records: {},
    hosts: { '127.0.0.2:8448': { certificate: ['IP:127.0.0.2'], handler: text('ok') } }
  })
  const network = openNetwork({ connect: world.connect, ca: [world.ca] })
  t.teardown(() => {
    network.close()
  })
  const { tls } = await network
    .openPeer({ scheme: 'https', address: '127.0.0.2', port: 8448, tlsName: '127.0.0.2', host: '127.0.0.2:8448' })
    .send(get)
  t.match(
    { tls, requests: world.requests },
    { tls: { nameMatches: true }, requests: [{ servername: undefined, host: '127.0.0.2:8448' }] }
  )
})

test('uses HTTP without TLS for http://', async t => {
  const world = await startWorld(t, { records: {}, hosts: { '127.0.0.2:80': 'plain' } })
  const network = openNetwork({ connect: world.connect })
  t.teardown(() => {
    network.close()
  })
  const { url, tls, response } = await network
    .openPeer({ scheme: 'http', address: '127.0.0.2', port: 80, tlsName: 'example.com', host: 'example.com' })
    .send(get)
  t.match(
    { url, tls, body: response?.body.toString() },
    { url: 'http://example.com/path?query', tls: undefined, body: 'plain' }
  )
})

test('shares what is known of a certificate with later connections, unless they show another one', async t => {
  const handler = text('ok', { headers: { Connection: 'close' } })
  const world = await startWorld(t, {
    records: {},
    hosts: {
      '127.0.0.2:443': https(handler),
      '127.0.0.3:443': https(handler, { certificate: ['DNS:example.com', 'DNS:other.example'] })
    }
  })
  let address = '127.0.0.2'
  const network = openNetwork({ connect: (_address, port) => world.connect(address, port), ca: [world.ca] })
  t.teardown(() => network.close())
  const peer = network.openPeer({ scheme: 'https', address, port: 443, tlsName: 'example.com', host: 'example.com' })
  const first = await peer.send(get)
  const second = await peer.send(get)
  t.equal(second.tls, first.tls)
  t.strictSame(first.tls?.names, ['example.com'])
  address = '127.0.0.3'
  t.strictSame((await peer.send(get)).tls?.names, ['example.com', 'other.example'])
})

test('retries over a new connection if an idle one was closed', async t => {
  const sockets = new Set<unknown>()
  const { peer, world } = await openPeer(
    t,
    https((request, response) => {
      // The second request on a connection finds it closed.
      if (sockets.has(request.socket)) return resetConnection(request.socket)
      sockets.add(request.socket)
      text('ok')(request, response)
    })
  )
  t.match(await peer.send(get), { response: { status: 200 } })
  t.match(await peer.send(get), { response: { status: 200 }, tls: { nameMatches: true } })
  t.equal(world.requests.length, 3)
})

test('does not connect again after a failure', async t => {
  let connections = 0
  const world = await startWorld(t, { records: {}, hosts: {} })
  const { peer } = await openPeer(t, undefined, {
    connect: (address, port) => {
      connections++
      return world.connect(address, port)
    }
  })
  t.match(
    [await peer.send(get), await peer.send(get)],
    [{ failure: { kind: 'refused' } }, { failure: { kind: 'refused' } }]
  )
  t.equal(connections, 1)
})

test('reports a connection that fails at once', async t => {
  const { peer } = await openPeer(t, undefined, {
    connect: () => {
      throw new Error('no more sockets')
    }
  })
  t.match(await peer.send(get), { response: undefined, failure: { kind: 'other', message: 'no more sockets' } })
})

test('closes its connections', async t => {
  const closed: Promise<unknown>[] = []
  const { peer, network } = await openPeer(
    t,
    https((request, response) => {
      closed.push(once(request.socket, 'close'))
      text('ok')(request, response)
    })
  )
  await peer.send(get)
  network.close()
  t.equal((await Promise.all(closed)).length, 1)
})

test('sends nothing after the deadline, not even over an open connection', async t => {
  const { peer, network } = await openPeer(
    t,
    https((request, response) => {
      if (request.url === get.target) text('ok')(request, response)
    }),
    { deadline: 0.5, timeout: 60 }
  )
  t.match(await peer.send(get), { response: { status: 200 } })
  while (!network.late) await setImmediate()
  t.match(await peer.send({ ...get, target: '/slow' }), { response: undefined, failure: { kind: 'timeout' } })
})

test('sends all requests to a peer that closes after each response without announcing it', async t => {
  const { peer, world } = await openPeer(t, https((request, response) => {
    response.end('body', () => request.socket.end())
  }))
  const exchanges: Exchange[] = []
  for (let i = 0; i < 8; i++) exchanges.push(await peer.send(get))
  const found = exchanges.map(({ response, failure }) => [response?.body.toString(), failure])
  t.strictSame(found, exchanges.map(() => ['body', undefined]))
  t.ok(world.requests.length >= 8)
})

test('sends nothing after its signal, neither over a new nor over an open connection', async t => {
  const world = await startWorld(t, { records: {}, hosts: { '127.0.0.2:80': 'plain' } })
  const at = { scheme: 'http', address: '127.0.0.2', port: 80, tlsName: 'example.com', host: 'example.com' } as const
  const over = new AbortController()
  const options = {
    timeout: 2_000,
    secureContext: createSecureContext(),
    signal: over.signal,
    connect: world.connect,
    findFailure: () => undefined,
    onFailure: () => {}
  }
  const [open, other] = [new Connections(at, options), new Connections(at, options)]
  t.match(await open.send(get), { response: { status: 200 } })
  over.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
  t.match(await open.send(get), { response: undefined, failure: { kind: 'timeout', phase: 'response' } })
  t.match(await other.send(get), { response: undefined, failure: { kind: 'timeout', phase: 'connect' } })
})
