import { fileURLToPath } from 'node:url'
import type { Authority } from '../../support/certificates.ts'
import type { Scope } from '../../support/listen.ts'
import { startReader } from '../reader-process.ts'
import type { Reader } from '../reader.ts'

const program = fileURLToPath(new URL('read.js', import.meta.url))

/** What Element Web logs in with: `AutoDiscovery.findClientConfig`, whose result is the value. */
export function startJsSdk (t: Scope, authority: Authority): Reader | undefined {
  const { READER_NODE: node, READER_JS_SDK: modules } = process.env
  if (node === undefined || modules === undefined) return undefined
  const reader = startReader(t, node, [program, modules], { NODE_EXTRA_CA_CERTS: authority.file })
  return {
    name: 'matrix-js-sdk',
    documents: ['client'],
    read: async serverName => await reader.perform({ serverName })
  }
}
