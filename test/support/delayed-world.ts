import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, Socket } from 'node:net'
import type { CheckOptions } from '../../src/check/check.ts'
import type { Scope } from './listen.ts'
import type { World } from './world.ts'

/**
 * Moves a world far away.
 *
 * @param oneWay how long everything takes to get there, and to get back, in milliseconds.
 * @param onlyAddress only this one is far away, and neither the others nor the DNS server.
 */
export async function delay (
  t: Scope, world: World, oneWay: number, onlyAddress?: string
): Promise<Pick<CheckOptions, 'dns' | 'connect'>> {
  return {
    dns: onlyAddress === undefined ? await startDnsRelay(t, world.dns.address, oneWay) : world.dns.address,
    connect (address, port) {
      if (onlyAddress !== undefined && address !== onlyAddress) return world.connect(address, port)
      const socket = new Socket()
      const relay = createServer({ allowHalfOpen: true }, near => {
        const far = world.connect(address, port)
        forward(near, far, oneWay)
        forward(far, near, oneWay)
      }).listen(0, '127.0.0.1')
      t.teardown(() => relay.close())
      // The TCP handshake takes one round trip.
      setTimeout(() => {
        const at = relay.address()
        if (at !== null && typeof at !== 'string') socket.connect(at.port, '127.0.0.1')
      }, 2 * oneWay)
      return socket
    }
  }
}

/** Sends what one socket receives to another, some milliseconds later. */
export function forward (from: Socket, to: Socket, oneWay: number): void {
  from.on('data', chunk => setTimeout(() => { if (to.writable) to.write(chunk) }, oneWay))
  from.on('end', () => setTimeout(() => to.end(), oneWay))
  from.on('error', () => to.destroy())
  from.setNoDelay()
}

/** Moves a DNS server far away. */
export async function startDnsRelay (t: Scope, server: string, oneWay: number): Promise<string> {
  const [host, port] = server.split(':')
  const near = createSocket('udp4', (question, client) => {
    const far = createSocket('udp4', response => {
      far.close()
      setTimeout(() => near.send(response, client.port, client.address), oneWay)
    })
    setTimeout(() => far.send(question, Number(port), host), oneWay)
  }).bind(0, '127.0.0.1')
  await once(near, 'listening')
  t.teardown(() => near.close())
  return `127.0.0.1:${near.address().port}`
}
