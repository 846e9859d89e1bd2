import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import type { Socket } from 'node:net'
import t from 'tap'
import type { Test } from 'tap'
import { checkOver } from '../../../src/check/check.ts'
import { joinNetwork } from '../../../src/check/network/network.ts'
import type { JoinOptions, NetworkOptions } from '../../../src/check/network/network.ts'
import type { PeerAddress, Request } from '../../../src/check/network/peer.ts'
import { SharedNetwork } from '../../../src/check/network/shared-network.ts'
import type { Report } from '../../../src/check/report/report.ts'
import { noResponse, slowDrip } from '../../support/bad-bodies.ts'
import { collectGarbage } from '../../support/garbage.ts'
import { text } from '../../support/responses.ts'
import { idsOf } from '../../support/check-world.ts'
import { describeHealthyWorld, startHealthyWorld } from '../../support/healthy-world.ts'
import { startWorld } from '../../support/world.ts'
import type { Hosts, World } from '../../support/world.ts'

const get: Request = { method: 'GET', target: '/', headers: {} }
const at: PeerAddress = {
  scheme: 'https', address: '45.0.0.2', port: 443, tlsName: 'example.com', host: 'example.com'
}

function share (t: Test, world: World, options: NetworkOptions = {}, keep?: number): SharedNetwork {
  const { dns, connect, ca } = world
  const shared = new SharedNetwork({ dns: dns.address, connect, ca: [ca], timeout: 6, ...options }, keep)
  t.teardown(() => shared.close())
  return shared
}

async function check (shared: SharedNetwork, options: JoinOptions = {}, name = 'example.com'): Promise<Report> {
  const network = joinNetwork(shared, options)
  return await checkOver(network, name, {}).finally(() => network.close())
}

/** A site, and the connections to it. */
async function startSite (t: Test, handler = text('ok')): Promise<{ world: World, sockets: Socket[] }> {
  const sockets: Socket[] = []
  const world = await startWorld(t, {
    records: {},
    hosts: {
      '45.0.0.2:443': {
        certificate: ['DNS:example.com'],
        handler: (request, response) => {
          if (!sockets.includes(request.socket)) sockets.push(request.socket)
          handler(request, response)
        }
      }
    }
  })
  return { world, sockets }
}

t.test('a check uses what others have observed, unless that is older than it wants', async t => {
  const world = await startHealthyWorld(t)
  const shared = share(t, world)
  const first = await check(shared)
  t.equal(first.verdict.failures, 0)
  const [requests, queries] = [world.requests.length, world.dns.queries.length]
  t.equal((await check(shared)).verdict.failures, 0)
  t.strictSame([world.requests.length, world.dns.queries.length], [requests, queries], 'everything is shared')
  t.equal((await check(shared, { since: performance.now() })).verdict.failures, 0)
  t.strictSame([world.requests.length, world.dns.queries.length], [2 * requests, 2 * queries], 'everything is new')
  await check(shared)
  t.equal(world.requests.length, 2 * requests, 'the newer facts are shared')
})

t.test('a failure does not confirm itself', async t => {
  const world = await startHealthyWorld(t)
  for (const [title, broken] of [
    ['nothing listens', () => world.connect('45.0.0.99', 1)],
    ['another program listens', () => world.connect('45.0.0.3', 443)]
  ] as const) {
    let isBroken = true
    const shared = share(t, world, {
      connect: (address, port) => isBroken && address === '45.0.0.2' ? broken() : world.connect(address, port)
    })
    t.equal((await check(shared)).verdict.federation, 'fails', title)
    isBroken = false
    const ended = performance.now()
    t.equal((await check(shared)).verdict.federation, 'fails', `${title}: others may share it`)
    t.equal((await check(shared, { since: ended })).verdict.federation, 'works', `${title}: it is seen again`)
  }
})

t.test("a connection isn't used any more when it is older than results are", async t => {
  const { world, sockets } = await startSite(t)
  const shared = share(t, world, {}, 40)
  const held = joinNetwork(shared)
  const peer = held.openPeer(at)
  await peer.send(get)
  const idle = joinNetwork(shared)
  await idle.openPeer({ ...at, host: 'example.com:443' }).send(get)
  idle.close()
  await once(sockets[1] as Socket, 'close')
  t.pass('one that is idle is closed')
  const other = joinNetwork(shared)
  await other.openPeer(at).send(get)
  t.equal(sockets.length, 3, 'others get a new one')
  await peer.send({ ...get, target: '/2' })
  t.equal(sockets.length, 3, 'a check that has it goes on')
  const closed = once(sockets[0] as Socket, 'close')
  held.close()
  await closed
  other.close()
})

t.test('at most 16 connections that no check uses stay open', async t => {
  const { world, sockets } = await startSite(t)
  const shared = share(t, world)
  const check = async (host: string): Promise<void> => {
    const network = joinNetwork(shared)
    await network.openPeer({ ...at, host }).send(get)
    network.close()
  }
  const hosts = Array.from({ length: 20 }, (_, i) => `${i}.example.com`)
  for (const host of hosts) await check(host)
  await Promise.all(sockets.slice(0, 4).map(async socket => { if (!socket.destroyed) await once(socket, 'close') }))
  t.strictSame(sockets.map(({ destroyed }) => destroyed), hosts.map((_, i) => i < 4))
  await check('0.example.com')
  t.equal(sockets.length, 20, 'the responses are still shared')
})

t.test('a peer that no check uses keeps one of its connections', async t => {
  const { world, sockets } = await startSite(t)
  const shared = share(t, world)
  const network = joinNetwork(shared)
  const peer = network.openPeer(at)
  await Promise.all(['/1', '/2', '/3'].map(async target => await peer.send({ ...get, target })))
  t.equal(sockets.length, 3)
  network.close()
  // Without that, the test never ends.
  while (sockets.filter(({ destroyed }) => !destroyed).length > 1) await new Promise(resolve => setImmediate(resolve))
  const next = joinNetwork(shared)
  t.match(await next.openPeer(at).send({ ...get, target: '/4' }), { response: { status: 200 } })
  t.equal(sockets.length, 3)
  next.close()
})

t.test('of peers that no check uses, the last 64 are there for others', async t => {
  let requests = 0
  const http: RequestListener = (request, response) => {
    requests++
    text('ok')(request, response)
  }
  const world = await startWorld(t, { records: {}, hosts: { '45.0.0.2:80': { http } } })
  const shared = share(t, world)
  const ask = async (host: string): Promise<void> => {
    const network = joinNetwork(shared)
    await network.openPeer({ ...at, scheme: 'http', port: 80, host }).send(get)
    network.close()
  }
  for (let i = 0; i <= 64; i++) await ask(`${i}.example.com`)
  t.equal(requests, 65)
  await ask('64.example.com')
  await ask('1.example.com')
  t.equal(requests, 65, 'the responses of the last ones are shared')
  await ask('0.example.com')
  t.equal(requests, 66, 'the first one is asked again')
})

t.test('what is kept for others does not keep the check', async t => {
  const { world } = await startSite(t)
  const shared = share(t, world)
  const check = async (): Promise<WeakRef<object>> => {
    const network = joinNetwork(shared)
    await network.openPeer(at).send(get)
    network.close()
    return new WeakRef(network)
  }
  const kept = await check()
  // Without that, the test never ends.
  while (kept.deref() !== undefined) {
    await new Promise(resolve => setImmediate(resolve))
    collectGarbage()
  }
})

t.test('names at an address where nothing listens wait for it once', async t => {
  const names = Array.from({ length: 10 }, (_, i) => `${i}.example.com`)
  const world = await startWorld(t, {
    records: Object.fromEntries(names.map(name => [name, { A: ['45.0.0.2'] }])), hosts: {}
  })
  const attempts: string[] = []
  const shared = share(t, world, {
    connect: (address, port) => {
      attempts.push(`${address}:${port}`)
      return world.connect(address, port)
    }
  })
  const [first, ...others] = names
  const report = await check(shared, {}, first)
  const before = [...attempts]
  t.ok(before.includes('45.0.0.2:443'))
  for (const name of others) t.strictSame(idsOf(await check(shared, {}, name)), idsOf(report), name)
  t.strictSame(attempts, before)
  await check(shared, { since: performance.now() }, first)
  t.ok(attempts.length > before.length, 'a check that wants to know it tries again')
})

const slow: Readonly<Record<string, Hosts>> = {
  'a site that never responds': { '45.0.0.2:443': { certificate: ['DNS:example.com'], handler: noResponse() } },
  'a response that never ends': { '45.0.0.2:443': { certificate: ['DNS:example.com'], handler: slowDrip() } },
  'a site that lets connections wait': { '45.0.0.2:443': 'dropping', '45.0.0.2:80': 'dropping' }
}

for (const [title, hosts] of Object.entries(slow)) {
  t.test(`${title} does not make a check late`, async t => {
    const world = await startHealthyWorld(t, { hosts })
    const report = await check(share(t, world, { timeout: 600 }), { deadline: 0.5 })
    t.ok(idsOf(report).includes('check.time'))
  })
}

t.test('DNS that never responds does not make a check late', async t => {
  const world = await startWorld(t, { records: { 'example.com': { code: 'SILENT' } }, hosts: {} })
  const report = await check(share(t, world, { timeout: 600 }), { deadline: 0.5 })
  t.ok(idsOf(report).includes('check.time'))
})

t.test('a deadline covers waiting for other checks, which go on', async t => {
  const waiting: Array<() => void> = []
  const { world } = await startSite(t, (request, response) => {
    waiting.push(() => text('ok')(request, response))
  })
  const shared = share(t, world, { timeout: 600 })
  const queued: string[] = []
  const send = (host: string, options: JoinOptions = {}) => {
    const network = joinNetwork(shared, { ...options, onQueued: () => queued.push(host) })
    t.teardown(() => network.close())
    return network.openPeer({ ...at, host }).send(get)
  }
  const busy = ['1', '2', '3', '4'].map(async host => await send(host))
  t.match(await send('5', { deadline: 0.2 }), { failure: { kind: 'timeout', phase: 'response' }, response: undefined })
  t.strictSame(queued, ['5'])
  const next = send('5')
  while (waiting.length < 4) await new Promise(resolve => setImmediate(resolve))
  for (const respond of waiting.splice(0)) respond()
  t.match(await Promise.all(busy), [{ response: { status: 200 } }])
  while (waiting.length < 1) await new Promise(resolve => setImmediate(resolve))
  for (const respond of waiting.splice(0)) respond()
  t.match(await next, { response: { status: 200 } }, 'what one has given up is there for others')
})

t.test('a deadline has to be valid', async t => {
  const shared = share(t, await startWorld(t, describeHealthyWorld()))
  t.throws(() => joinNetwork(shared, { deadline: 0 }), { message: /^deadline is 0; use a number of seconds above 0/ })
})
