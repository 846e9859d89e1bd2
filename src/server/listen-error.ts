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

  /** @param prefix of the names of the settings. */
  constructor ({ host, port }: ListenAddress, path: string | undefined, cause: NodeJS.ErrnoException, prefix = '') {
    const code = String(cause.code)
    const hint = path === undefined ? explainPort(code, `${prefix}PORT`) ?? hostHints[code] : socketHints[code]
    const isPort = path === undefined && explainPort(code, '') !== undefined
    const setting = isPort ? `${prefix}PORT is ${port}` : `${prefix}HOST is ${quote(host)}`
    super(`${setting}: ${hint ?? cause.message}`, { cause })
  }
}

/** What is wrong with the port, if it is at fault. */
function explainPort (code: string, setting: string): string | undefined {
  switch (code) {
    case 'EADDRINUSE': return `the address is already in use; stop the other program, or set another ${setting}`
    case 'EACCES': return `no permission to listen there; set a ${setting} above 1023, such as 8080`
    default: return undefined
  }
}

const hostHints: Readonly<Record<string, string>> = {
  EINVAL: 'a link-local address needs its interface, as in fe80::1%eth0',
  EADDRNOTAVAIL: 'not an address of this machine; use one that is, or :: for all of them',
  ENOTFOUND: 'not an address or a known host name; use for example :: or 127.0.0.1',
  EAI_AGAIN: "the name can't be resolved now; use an address, such as :: or 127.0.0.1"
}

const socketHints: Readonly<Record<string, string>> = {
  EADDRINUSE: "the path is already in use by another server, or it isn't a socket; " +
    'stop the server, remove the file or use another path',
  EACCES: 'no permission to create a socket there; use another path, or change the permissions of its directory',
  EROFS: 'its file system is read-only; use another path',
  ENOENT: "its directory doesn't exist; create it, or use another path",
  ENOTDIR: "its directory doesn't exist; create it, or use another path"
}
