import { lookup } from 'node:dns/promises'
import type { FastifyInstance } from 'fastify'
import { ListenError } from './listen-error.ts'
import type { ListenAddress } from './listen-error.ts'
import { replaceStaleSocket } from './socket-file.ts'

/** The path of the Unix socket that HOST names, or undefined. */
export function socketPath (host: string): string | undefined {
  return host.startsWith('unix:') ? host.slice('unix:'.length) : undefined
}

/**
 * Makes the application listen, and returns where: a URL or the path of a Unix socket.
 *
 * @param prefix of the names of the settings that say where.
 * @throws {ListenError} if it can't.
 */
export async function listen (app: FastifyInstance, address: ListenAddress, prefix = ''): Promise<string> {
  const path = socketPath(address.host)
  try {
    if (path === undefined) await listenOnPort(app, address)
    else await listenOnSocket(app, path)
    return app.listeningOrigin
  } catch (error) {
    throw new ListenError(address, path, error as NodeJS.ErrnoException, prefix)
  }
}

async function listenOnPort (app: FastifyInstance, { host, port }: ListenAddress): Promise<void> {
  // One address, because for "localhost" Fastify would start a second server, without our limits.
  const { address } = await lookup(host)
  try {
    await app.listen({ host: address, port })
  } catch (error) {
    // "::" is all addresses, IPv4 included; a machine without IPv6 has only those.
    if (address !== '::' || !isWithoutIPv6(error)) throw error
    await app.listen({ host: '0.0.0.0', port })
  }
}

function isWithoutIPv6 (error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EAFNOSUPPORT' || error.code === 'EADDRNOTAVAIL')
}

/** Every user of the machine may connect, like to a port: the proxy usually is another user. */
async function listenOnSocket (app: FastifyInstance, path: string): Promise<void> {
  await replaceStaleSocket(path, async () => { await app.listen({ path, readableAll: true, writableAll: true }) })
}
