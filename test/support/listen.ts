import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import type { Test } from 'tap'

/** What goes on for a time, and lets what was started for it end with it: a test. */
export type Scope = Pick<Test, 'teardown'>

/** Where something listens. */
export interface Listener {
  readonly address: string
  readonly port: number
}

/** Lets a server listen on this port, or a free one, of this address until the test is over, when its connections are cut, too. */
export async function listen (t: Scope, server: Server, address: string, port = 0): Promise<Listener> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    // Whoever is spoken to in these tests may hang up at any time.
    socket.on('error', () => {})
  })
  server.listen(port, address)
  await once(server, 'listening')
  t.teardown(async () => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  })
  return { address, port: (server.address() as AddressInfo).port }
}
