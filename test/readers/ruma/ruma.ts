import type { Authority } from '../../support/certificates.ts'
import type { Scope } from '../../support/listen.ts'
import { fetchDocument } from '../fetch-document.ts'
import { startReader } from '../reader-process.ts'
import type { Reader } from '../reader.ts'

/** What Element X reads documents with. As in matrix-rust-sdk, ruma is given a response. */
export function startRuma (t: Scope, authority: Authority): Reader | undefined {
  const program = process.env.READER_RUMA
  if (program === undefined) return undefined
  const reader = startReader(t, program, [], {})
  return {
    name: 'ruma',
    documents: ['client', 'server', 'support', 'policy_server'],
    async read (serverName, document) {
      const { body, ...response } = await fetchDocument(serverName, document, authority.file)
      return await reader.perform({ document, ...response, body: body.toString('base64') })
    }
  }
}
