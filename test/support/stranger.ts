import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

/** Starts some other server on a free port, until the end of the test. */
export async function listenWith (t: Test, listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  t.teardown(() => { server.closeAllConnections(); server.close() })
  server.listen(0)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
