import { documentPath } from '../../../site/documents.ts'
import type { DocumentName } from '../../../site/documents.ts'
import type { Facts } from '../../gather/gather.ts'
import type { Fetch } from '../../network/fetch.ts'
import { isUntried } from '../../network/peer.ts'
import { listFound, stateOf } from './hop.ts'
import type { PlainHop } from './hop.ts'

/** A document as the addresses of its host serve it. */
export function buildDocumentHop (
  { inspections }: Facts,
  name: DocumentName,
  isUsable: (fetch: Fetch) => boolean
): PlainHop {
  const fetches = [...inspections].flatMap(([document, all]) => document === name ? all.map(({ fetch }) => fetch) : [])
  const found = [documentPath(name), ...listFound(fetches.map(describeFetch))]
  return { hop: 'well-known', state: stateOfDocument(fetches, fetches.map(isUsable)), found }
}

function stateOfDocument (fetches: readonly Fetch[], usable: readonly boolean[]): PlainHop['state'] {
  const last = fetches.map(({ hops }) => hops.at(-1))
  if (last.every(hop => isUntried(hop?.failure))) return 'unchecked'
  if (last.every(hop => hop?.response?.status === 404)) return 'skipped'
  // Whether that matters depends on the readers, so a finding says so.
  return stateOf(usable) === 'works' ? 'works' : 'warning'
}

function describeFetch ({ hops: [first, ...redirects], reading }: Fetch): string {
  const { response, failure } = redirects.at(-1) ?? first
  const outcome = response === undefined ? `no response: ${failure?.kind}` : `status ${response.status}`
  const isOther = response?.status === 200 && reading?.content === undefined
  const content = isOther ? ['not a JSON object'] : []
  return [...redirects.map(({ url }) => `redirected to ${url}`), outcome, ...content].join(', ')
}
