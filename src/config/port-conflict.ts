import { isIPv4 } from 'node:net'
import type { Fault } from './fault.ts'
import type { ServerSettings } from './settings.ts'

type Addresses = Pick<ServerSettings, 'HOST' | 'PORT' | 'METRICS_HOST' | 'METRICS_PORT'>

/** A fault if the server and its metrics would listen on one port of an address. */
export function findPortConflict ({ HOST, PORT, METRICS_HOST, METRICS_PORT }: Addresses): Fault[] {
  // 0 is any free port, and a socket of a file system has none.
  if (METRICS_PORT !== PORT || PORT === 0) return []
  if ([HOST, METRICS_HOST].some(host => host.startsWith('unix:'))) return []
  if (!includes(HOST, METRICS_HOST) && !includes(METRICS_HOST, HOST)) return []
  return [{
    variable: 'METRICS_PORT',
    message: `METRICS_PORT is ${PORT}: the same as PORT; set another METRICS_PORT`
  }]
}

/** Whether a server that listens on a host also listens on another one. */
function includes (host: string, other: string): boolean {
  return host === other || host === '::' || (host === '0.0.0.0' && isIPv4(other))
}
