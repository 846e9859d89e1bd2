import { once } from 'node:events'
import { existsSync, lstatSync, unlinkSync } from 'node:fs'
import { createConnection } from 'node:net'
import type { ListenOptions } from 'node:net'
import { dirname } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { ListenAddress } from '../config/config.ts'
import { quote } from '../matrix/printable.ts'

/** The server can't listen; the message names the setting, the fault and the mend. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
  readonly code = 'ERR_LISTEN'
}

/** The path of a Unix socket that HOST names, or undefined. */
export function socketPath (host: string): string | undefined {
  return host.startsWith('unix:') ? host.slice('unix:'.length) : undefined
}

/**
 * Makes the application listen, and returns where: a URL or the path of a Unix socket.
 *
 * @throws {ListenError} when it can't.
 */
export async function listen (app: FastifyInstance, address: ListenAddress): Promise<string> {
  const path = socketPath(address.host)
  try {
    return path === undefined ? await listenOnPort(app, address) : await listenOnSocket(app, path)
  } catch (error) {
    throw new ListenError(describe(error as NodeJS.ErrnoException, address, path), { cause: error })
  }
}

async function listenOnPort (app: FastifyInstance, { host, port }: ListenAddress): Promise<string> {
  try {
    return await listenWith(app, { host, port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // "::" is everywhere, IPv4 included; a machine without IPv6 has only that.
    if (host !== '::' || (code !== 'EAFNOSUPPORT' && code !== 'EADDRNOTAVAIL')) throw error
    return await listenWith(app, { host: '0.0.0.0', port })
  }
}

/**
 * In place of `app.listen`, which starts a second server, without our limits, for "localhost", and fails where a
 * sandbox keeps it from listing the machine's addresses.
 */
async function listenWith (app: FastifyInstance, options: ListenOptions): Promise<string> {
  await app.ready()
  app.server.listen(options)
  await once(app.server, 'listening')
  return app.listeningOrigin
}

/** The socket is open to all users of the machine, as a port would be: the proxy is usually another one. */
async function listenOnSocket (app: FastifyInstance, path: string): Promise<string> {
  if (!existsSync(dirname(path))) throw Object.assign(new Error(), { code: 'ENOENT' })
  const options = { path, readableAll: true, writableAll: true }
  try {
    return await listenWith(app, options)
  } catch (error) {
    if (!await isStale(path)) throw error
    unlinkSync(path)
    return await listenWith(app, options)
  }
}

/** Whether a socket is there that nobody listens on, left by a process that was killed. */
async function isStale (path: string): Promise<boolean> {
  if (!isSocket(path)) return false
  return await new Promise(resolve => {
    const connection = createConnection(path)
    connection.once('connect', () => { connection.destroy(); resolve(false) })
    connection.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'))
  })
}

function isSocket (path: string): boolean {
  try {
    return lstatSync(path).isSocket()
  } catch {
    // What keeps it from being looked at has kept us from listening, and that is told.
    return false
  }
}

function describe (error: NodeJS.ErrnoException, { host, port }: ListenAddress, path: string | undefined): string {
  const advice = path === undefined ? adviseOnPort(host, error) : socketAdvice[String(error.code)]
  const culprit = path === undefined && blamesPort.has(error.code) ? `PORT is ${port}` : `HOST is ${quote(host)}`
  return `${culprit}: ${advice ?? error.message}`
}

function adviseOnPort (host: string, { code }: NodeJS.ErrnoException): string | undefined {
  return host.startsWith('/') ? 'a path, write "unix:" before it' : portAdvice[String(code)]
}

const blamesPort: ReadonlySet<string | undefined> = new Set(['EADDRINUSE', 'EACCES'])

const portAdvice: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something else listens there already, stop it or set another PORT',
  EACCES: 'this user may not listen there, set a PORT above 1023 such as 8080',
  EINVAL: 'a link-local address needs its interface, as in fe80::1%eth0',
  EADDRNOTAVAIL: 'not an address of this machine, write one that is, or :: for all of them',
  ENOTFOUND: 'neither an address nor the name of a host, write for example :: or 127.0.0.1',
  EAI_AGAIN: 'the name can not be looked up now, write an address such as :: or 127.0.0.1'
}

const socketAdvice: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something is there already: a server that listens, or a file that is no socket; stop it, remove it or write another path',
  EACCES: 'this user may not create a socket there, write another path or change the rights of its directory',
  ENOENT: 'its directory does not exist, make it or write another path'
}
