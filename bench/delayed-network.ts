import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, Socket } from 'node:net'
import type { Scope } from '../test/support/listen.ts'
import type { World } from '../test/support/world.ts'

/** A world that is some way off: all that goes there, and all that comes from there, takes as long. */
export interface DelayedWorld {
  readonly dns: string
  connect (address: string, port: number): Socket
}

/** @param delay each way, in milliseconds. */
export async function delay (t: Scope, world: World, delay: number): Promise<DelayedWorld> {
  return {
    dns: await startDnsRelay(t, world.dns.address, delay),
    connect (address, port) {
      const socket = new Socket()
      const relay = createServer({ allowHalfOpen: true }, near => {
        const far = world.connect(address, port)
        pass(near, far, delay)
        pass(far, near, delay)
      }).listen(0, '127.0.0.1')
      t.teardown(() => relay.close())
      // The way of a SYN and of its answer.
      setTimeout(() => {
        const at = relay.address()
        if (at !== null && typeof at !== 'string') socket.connect(at.port, '127.0.0.1')
      }, 2 * delay)
      return socket
    }
  }
}

function pass (from: Socket, to: Socket, delay: number): void {
  from.on('data', chunk => setTimeout(() => { if (to.writable) to.write(chunk) }, delay))
  from.on('end', () => setTimeout(() => to.end(), delay))
  from.on('error', () => to.destroy())
  from.setNoDelay()
}

async function startDnsRelay (t: Scope, server: string, delay: number): Promise<string> {
  const [host, port] = server.split(':')
  const near = createSocket('udp4')
  near.on('message', (question, asker) => setTimeout(() => {
    const far = createSocket('udp4')
    far.on('message', answer => {
      far.close()
      setTimeout(() => near.send(answer, asker.port, asker.address), delay)
    })
    far.send(question, Number(port), host)
  }, delay))
  near.bind(0, '127.0.0.1')
  await once(near, 'listening')
  t.teardown(() => near.close())
  return `127.0.0.1:${near.address().port}`
}
