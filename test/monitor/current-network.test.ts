import { EventEmitter, once } from 'node:events'
import type { Socket } from 'node:net'
import t from 'tap'
import type { Test } from 'tap'
import { joinNetwork } from '../../src/check/network/network.ts'
import type { PeerAddress } from '../../src/check/network/peer.ts'
import type { SharedNetwork } from '../../src/check/network/shared-network.ts'
import { CurrentNetwork } from '../../src/monitor/current-network.ts'
import { startHealthyWorld } from '../support/healthy-world.ts'

const at: PeerAddress = {
  scheme: 'https', address: '45.0.0.2', port: 443, tlsName: 'example.com', host: 'example.com'
}

/** Asks for a document, and returns the network that it has used. */
async function ask (shared: SharedNetwork): Promise<SharedNetwork> {
  const joined = joinNetwork(shared)
  const request = { method: 'GET', target: '/.well-known/matrix/server', headers: {} } as const
  const { response } = await joined.openPeer(at).send(request).finally(() => joined.close())
  t.equal(response?.status, 200)
  return shared
}

/** The network on a machine with other DNS servers later, and the end of each of its connections. */
async function startNetwork (t: Test) {
  const { connect, ca } = await startHealthyWorld(t)
  const machine = { servers: ['192.0.2.1', '192.0.2.2'] }
  const ends: Array<Promise<unknown>> = []
  const network = new CurrentNetwork({
    ca: [ca],
    connect: (address, port): Socket => {
      const socket = connect(address, port)
      ends.push(once(socket, 'close'))
      return socket
    }
  }, () => machine.servers)
  t.teardown(() => network.close())
  return { machine, network, ends }
}

t.test('checks share a network until the DNS servers of the system change', async t => {
  const { machine, network, ends } = await startNetwork(t)
  const first = await network.use(ask)
  t.equal(await network.use(ask), first)
  t.equal(ends.length, 1)

  const events = new EventEmitter()
  const running = network.use(async shared => {
    await once(events, 'go')
    return await ask(shared)
  })
  machine.servers = ['192.0.2.2', '192.0.2.1']
  const second = await network.use(ask)
  t.not(second, first, 'even if only their order has changed')
  t.equal(await network.use(ask), second)
  t.equal(ends.length, 2)
  events.emit('go')
  t.equal(await running, first)
  t.equal(ends.length, 2, 'a check that is running keeps its network, with the connections')
  await ends[0]

  machine.servers = []
  await t.rejects(network.use(async () => { throw new Error('failed') }), { message: 'failed' })
  t.not(await network.use(ask), second)
  await ends[1]
})

t.test('closing closes also a network that only a check still uses', async t => {
  const { machine, network, ends } = await startNetwork(t)
  await network.use(async shared => {
    await ask(shared)
    machine.servers = []
    await network.use(ask)
    network.close()
    await Promise.all(ends)
  })
  t.equal(ends.length, 2)
})
