import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import t from 'tap'
import type { Test } from 'tap'
import { limits } from '../../../src/server/limits.ts'
import { trackConnections } from '../../../src/server/overload/connections.ts'
import { boundPipelining } from '../../../src/server/overload/pipelining.ts'
import { startApp } from '../../support/app.ts'
import { readToEnd, requestAll } from '../../support/http.ts'

const one = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const last = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

interface Connection {
  readonly client: Socket
  readonly socket: Socket
  /** Sends the responses to the client; until then, they are held back in the socket. */
  readonly release: () => void
}

/** Starts a server that queues 30 responses to small requests. Returns a function that pipelines requests to it. */
async function startServer (
  t: Test
): Promise<(requests: number, headers?: string, query?: string) => Promise<Connection>> {
  const server = createServer((request, response) => {
    response.end()
    if (request.url?.startsWith('/last') === true) server.emit('last')
  })
  boundPipelining(server, trackConnections(server), 30.9 * limits.heapPerResponse)
  server.listen(0, '127.0.0.1')
  t.teardown(() => { server.closeAllConnections(); server.close() })
  await once(server, 'listening')
  return async (requests, headers = '', query = '') => {
    const connected = once(server, 'connection')
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {})
    t.teardown(() => client.destroy())
    const [socket] = await connected as [Socket]
    const { _write: write } = socket
    const held: Array<Parameters<typeof write>> = []
    socket._write = (...args) => { held.push(args) }
    client.write((one.repeat(requests - 1) + one.replace('/', '/last'))
      .replaceAll(' HTTP/', `${query} HTTP/`)
      .replaceAll('\r\n\r\n', `\r\n${headers}\r\n`))
    await once(server, 'last')
    return {
      client,
      socket,
      release () {
        socket._write = write
        for (const args of held) socket._write(...args)
      }
    }
  }
}

t.test('a client can pipeline a thousand requests, but not many times that', async t => {
  const { port } = await startApp(t)
  const responses = await requestAll(port, one.repeat(1_000) + last)
  t.equal(responses.length, 1_001)
  let received = ''
  const client = connect(port, '127.0.0.1').on('error', () => {}).on('data', data => { received += data.toString() })
  client.write(one.repeat(10 * Math.ceil(limits.maxQueued / limits.heapPerResponse)) + last)
  await new Promise(resolve => client.once('close', resolve))
  t.notMatch(received, /connection: close/i, 'the last request gets no response')
})

t.test('the connection with the most queued is closed; a client that reads late gets all responses', async t => {
  const connectTo = await startServer(t)
  const late = await connectTo(15)
  const stopped = (await connectTo(1)).socket.pause()
  const greedy = await connectTo(20)
  t.ok(late.socket.isPaused(), 'nothing is read while the queue of the closed connection is in memory')
  await once(greedy.socket, 'close')
  t.notOk(late.socket.isPaused())
  t.ok(stopped.isPaused(), 'a connection that was already paused stays paused')
  t.notOk(late.socket.destroyed)
  late.release()
  late.client.end(last)
  t.equal((await readToEnd(late.client)).split('HTTP/1.1 200 ').length - 1, 16)
})

t.test('a large request counts for more than a small one', async t => {
  const connectTo = await startServer(t)
  const small = await connectTo(15)
  const text = 'x'.repeat(2 * limits.heapPerResponse)
  for (const [headers, query] of [[`X-Large: ${text}\r\n`, ''], ['', `?${text}`]]) {
    const large = await connectTo(7, headers, query)
    if (!large.socket.destroyed) await once(large.socket, 'close')
    t.notOk(small.socket.destroyed)
  }
})

t.test('if two connections are closed at once, nothing is read until both are', async t => {
  const connectTo = await startServer(t)
  const idle = await connectTo(1)
  const first = await connectTo(20)
  const second = await connectTo(60)
  const paused: boolean[] = []
  await Promise.all([first, second].map(async ({ socket }) => {
    t.ok(socket.destroyed)
    await new Promise<void>(resolve => socket.once('close', () => process.nextTick(() => {
      paused.push(idle.socket.isPaused())
      resolve()
    })))
  }))
  t.strictSame(paused, [true, false])
})

t.test('a large request counts, even if no other is before it', async t => {
  const connectTo = await startServer(t)
  const text = 'x'.repeat(2 * limits.heapPerResponse)
  const first = await connectTo(1, `X-Large: ${text}\r\n`)
  for (let i = 0; i < 9; i++) t.notOk((await connectTo(1, `X-Large: ${text}\r\n`)).socket.destroyed)
  const closed = once(first.socket, 'close')
  await connectTo(1, `X-Large: ${text}\r\n`)
  await closed
})

t.test("many short headers make a request large; one that isn't large does not count", async t => {
  const connectTo = await startServer(t)
  const connectAll = async (headers: string): Promise<Connection[]> => {
    const connections: Connection[] = []
    while (connections.length < 40) connections.push(await connectTo(1, headers))
    return connections
  }
  const text = 'x'.repeat(limits.largeRequest - 10 * limits.heapPerHeaderText)
  for (const { socket } of await connectAll(`X-Small: ${text}\r\n`)) t.notOk(socket.destroyed)
  const many = 'a: b\r\n'.repeat(Math.ceil(limits.largeRequest / limits.heapPerHeaderText / 2))
  t.ok((await connectAll(many)).some(({ socket }) => socket.destroyed))
})

t.test('responses no longer count once they are read, or their connection is closed', async t => {
  const connectTo = await startServer(t)
  const idle = await connectTo(1)
  for (let i = 0; i < 5; i++) {
    const { client, socket, release } = await connectTo(25)
    t.notOk(socket.destroyed)
    release()
    let received = ''
    while (received.split('HTTP/1.1 200 ').length <= 25) received += String(await once(client, 'data'))
    const closing = await connectTo(25)
    t.notOk(closing.socket.destroyed)
    closing.socket.destroy()
    await once(closing.socket, 'close')
    client.write(one)
    t.match(String(await once(client, 'data')), /^HTTP\/1\.1 200 /, 'the other is still served')
    t.notOk(idle.socket.isPaused(), 'there was never too much')
  }
})
