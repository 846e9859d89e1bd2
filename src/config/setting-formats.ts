import { matrixFormats } from '../matrix/string-formats.ts'
import { parseListenHost } from './listen-host.ts'
import { parseTrustProxy } from './trust-proxy.ts'

/** The formats of settings: Matrix's, and the server's own. */
export const settingFormats = { ...matrixFormats, 'listen-host': parseListenHost, 'trust-proxy': parseTrustProxy }
