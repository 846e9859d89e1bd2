import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Server } from 'node:net'

/** Free ports. All are held until the last one is found, so that they differ. */
export async function findFreePorts (): Promise<[number, number, number]> {
  const servers = [createServer(), createServer(), createServer()] as const
  const [first, second, third] = servers
  const ports: [number, number, number] = [await listen(first), await listen(second), await listen(third)]
  for (const server of servers) server.close()
  return ports
}

async function listen (server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}
