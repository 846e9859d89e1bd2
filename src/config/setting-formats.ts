import { matrixFormats } from '../matrix/string-formats.ts'
import { parseListenHost } from './listen-host.ts'
import { parseTrustProxy } from './trust-proxy.ts'

/** The formats of settings: those of documents, and those of the process. */
export const settingFormats = { ...matrixFormats, 'listen-host': parseListenHost, 'trust-proxy': parseTrustProxy }
