import { once } from 'node:events'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import t from 'tap'
import type { Test } from 'tap'
import { refuseQueuedRequests } from '../../src/metrics/queued-requests.ts'
import { readToEnd } from '../support/http.ts'

const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

/** A server whose handler waits. Returns a client, how many requests have been handled, and what ends their waiting. */
async function startServer (t: Test) {
  let handled = 0
  let release = (): void => {}
  const released = new Promise<void>(resolve => { release = resolve })
  const app = fastify()
  refuseQueuedRequests(app)
  app.get('/', async () => { handled++; await released; return 'response' })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const client = connect((app.server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {})
  t.teardown(async () => { client.destroy(); release(); await app.close() })
  return { client, release, handled: () => handled }
}

t.test('a client that sends a request before it has the last response is disconnected', async t => {
  const { client, handled } = await startServer(t)
  client.write(request.repeat(1_000))
  t.equal(await readToEnd(client), '')
  t.equal(handled(), 1)
})

t.test('a connection can be used for one request after the other', async t => {
  const { client, release, handled } = await startServer(t)
  release()
  for (const count of [1, 2, 3]) {
    client.write(request)
    const [response] = await once(client, 'data') as [Buffer]
    t.match(response.toString(), /^HTTP\/1\.1 200 .*\r\n\r\nresponse$/s)
    t.equal(handled(), count)
  }
})
