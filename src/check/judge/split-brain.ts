import { isDeepStrictEqual } from 'node:util'
import type { JsonObject } from '../../matrix/json-object.ts'
import { quote } from '../../matrix/printable.ts'
import type { Fetch } from '../network/fetch.ts'
import type { JsonFault } from '../network/json-body.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { references } from './references.ts'

export const splitBrainFindings = {
  'document.split-brain': {
    severity: 'warning',
    title: 'The addresses of a host serve different documents',
    why: 'Which one a reader gets is random.',
    specification: references.wellKnownUris,
    what: ({ versions }: { versions: readonly Version[] }) => {
      const isAmbiguous = versions.filter(({ content }) => content !== undefined).length > 1
      return `${versions.map(version => describeVersion(version, isAmbiguous)).join('; ')}.`
    },
    fix: 'Serve all these addresses (A and AAAA records) with the same configuration: in nginx, with ' +
      '"listen [::]:443 ssl" next to "listen 443 ssl". Or remove the wrong one from DNS.',
    example: {
      versions: [
        { addresses: ['192.0.2.1'], content: { 'm.server': 'matrix.example.com:443' }, fault: undefined, status: 200 },
        { addresses: ['2001:db8::1'], content: undefined, fault: undefined, status: 404 }
      ]
    }
  }
} as const satisfies FindingKinds

/** What some addresses serve: a document, or why there is not one. */
export interface Version {
  readonly addresses: readonly string[]
  readonly content: JsonObject | undefined
  readonly fault: JsonFault | undefined
  readonly status: number
}

/** @param isAmbiguous whether there are several documents. */
function describeVersion ({ addresses, content, fault, status }: Version, isAmbiguous: boolean): string {
  const who = `${addresses.join(', ')} serves`
  if (content !== undefined) return `${who} ${isAmbiguous ? quote(content) : 'the document'}`
  if (fault === undefined) return `${who} no document (status ${status})`
  return fault === 'html' ? `${who} a web page` : `${who} something that isn't a JSON object (${fault})`
}

const find = findingBuilder(splitBrainFindings)

/** Whether the addresses of a host serve the same document; those that don't respond are judged elsewhere. */
export function judgeSplit (fetches: readonly Fetch[], context: Context): Finding[] {
  const found: Array<{ readonly version: Omit<Version, 'addresses'>, readonly addresses: string[] }> = []
  for (const { hops, reading, address } of fetches) {
    const response = hops.at(-1)?.response
    if (response === undefined) continue
    const version = { content: reading?.content, fault: reading?.fault, status: response.status }
    // The order of keys doesn't matter.
    const same = found.find(other => isDeepStrictEqual(other.version, version))
    if (same === undefined) found.push({ version, addresses: [address] })
    else same.addresses.push(address)
  }
  if (found.length < 2) return []
  const versions = found.map(({ version, addresses }) => ({ ...version, addresses }))
  return [find('document.split-brain', { ...context, parts: { versions }, evidence: { versions } })]
}
