import { quote } from '../matrix/printable.ts'

/** Where a server listens. */
export interface ListenAddress {
  /** An address, a host name, or `unix:` and a path. */
  readonly host: string
  readonly port: number
}

/** The server can't listen. The message names the setting, the fault and the fix. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
  readonly code = 'ERR_LISTEN'

  constructor ({ host, port }: ListenAddress, path: string | undefined, cause: NodeJS.ErrnoException) {
    const hint = (path === undefined ? portHints : socketHints)[String(cause.code)]
    const setting = path === undefined && portCodes.has(cause.code) ? `PORT is ${port}` : `HOST is ${quote(host)}`
    super(`${setting}: ${hint ?? cause.message}`, { cause })
  }
}

const portCodes: ReadonlySet<string | undefined> = new Set(['EADDRINUSE', 'EACCES'])

const portHints: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the address is already in use; stop the other program, or set another PORT',
  EACCES: 'no permission to listen there; set a PORT above 1023, such as 8080',
  EINVAL: 'a link-local address needs its interface, as in fe80::1%eth0',
  EADDRNOTAVAIL: 'not an address of this machine; use one that is, or :: for all of them',
  ENOTFOUND: 'not an address or a known host name; use for example :: or 127.0.0.1',
  EAI_AGAIN: "the name can't be resolved now; use an address, such as :: or 127.0.0.1"
}

const socketHints: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the path is already in use by another server, or it is not a socket; ' +
    'stop the server, remove the file or use another path',
  EACCES: 'no permission to create a socket there; use another path, or change the permissions of its directory',
  EROFS: 'its file system is read-only; use another path',
  ENOENT: "its directory doesn't exist; create it, or use another path",
  ENOTDIR: "its directory doesn't exist; create it, or use another path"
}
