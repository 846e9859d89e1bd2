import { fileURLToPath } from 'node:url'
import type { Authority } from '../../support/certificates.ts'
import type { Scope } from '../../support/listen.ts'
import { startReader } from '../reader-process.ts'
import type { Reader } from '../reader.ts'

const program = fileURLToPath(new URL('read.py', import.meta.url))

/**
 * How Synapse sends a request to a server name. Its value has `delegatedServer` as read from the document, and in
 * `reached` where the request arrived, or else an `error`.
 */
export function startSynapse (t: Scope, authority: Authority): Reader | undefined {
  const python = process.env.READER_SYNAPSE
  if (python === undefined) return undefined
  const reader = startReader(t, python, [program, authority.file], {})
  return {
    name: 'Synapse',
    documents: ['server'],
    read: async serverName => await reader.perform({ serverName })
  }
}
