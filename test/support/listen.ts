import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import type { Test } from 'tap'

/** Something that stops what was started for it when it ends: a test. */
export type Scope = Pick<Test, 'teardown'>

/** The address at which something listens. */
export interface Listener {
  readonly address: string
  readonly port: number
}

/** Makes a server listen at this address, on this port or a free one. Closes it and its connections after the test. */
export async function listen (t: Scope, server: Server, address: string, port = 0): Promise<Listener> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    // A client can disconnect at any time.
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
