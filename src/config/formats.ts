import { formats as matrixFormats } from '../matrix/formats.ts'
import { parseTrustProxy } from './trust-proxy.ts'

/** The formats of settings: Matrix's, and one of the server's own. */
export const formats = { ...matrixFormats, 'trust-proxy': parseTrustProxy }
