import { formats as matrixFormats } from '../matrix/formats.ts'
import { parseListenHost } from './listen-host.ts'
import { parseTrustProxy } from './trust-proxy.ts'

/** The formats of settings: Matrix's, and the server's own. */
export const formats = { ...matrixFormats, 'listen-host': parseListenHost, 'trust-proxy': parseTrustProxy }
