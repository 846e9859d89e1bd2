import { isDeepStrictEqual } from 'node:util'
import { obsoleteClientKeys } from '../../matrix/client-keys.ts'
import { property } from '../../matrix/json-object.ts'
import type { JsonObject } from '../../matrix/json-object.ts'
import { listSome } from '../../matrix/list-some.ts'
import { quote } from '../../matrix/printable.ts'
import { parseBaseUrl } from '../../matrix/url.ts'
import { baseUrlOf } from '../gather/client.ts'
import type { Fetch } from '../network/fetch.ts'
import { hasBaseUrl } from './client-verdict.ts'
import { findingBuilder } from './finding.ts'
import type { Finding, FindingKinds } from './finding.ts'
import { references } from './references.ts'

/** How many keys are listed; a document has room for thousands. */
const maxListed = 5

export const driftFindings = {
  'client.drift': {
    severity: 'warning',
    title: "The homeserver's own host serves a different /client than the server name",
    why: 'Clients read the one at the server name; the other one was probably changed last.',
    specification: references.wellKnownClient,
    what: ({ host, differences }: DriftParts) => {
      const listed = differences.map(({ key, where }) =>
        `${quote(key)} ${where === 'both' ? 'differs' : `only ${where}`}`)
      return `${host} serves a different /client: ${listSome(listed, maxListed)}.`
    },
    fix: 'Serve the same document at both, or remove the other one.',
    example: { host: 'matrix.example.com', differences: [{ key: 'm.identity_server', where: 'there' }] }
  }
} as const satisfies FindingKinds

export interface DriftParts {
  readonly host: string
  /** Where each key is that isn't the same in both. */
  readonly differences: ReadonlyArray<{ readonly key: string, readonly where: 'here' | 'there' | 'both' }>
}

const find = findingBuilder(driftFindings)

/** Whether the homeserver's own host serves the same document. */
export function judgeDrift (here: JsonObject, own: Fetch | undefined): Finding[] {
  const there = own?.reading?.content
  if (own === undefined || there === undefined || !hasBaseUrl(there['m.homeserver'])) return []
  const keys = [...new Set([...Object.keys(here), ...Object.keys(there)])]
    // Synapse adds some of these, which no client reads any more.
    .filter(key => !obsoleteClientKeys.has(key) && !isSameValue(key, here, there))
  if (keys.length === 0) return []
  const differences = keys.map(key => ({ key, where: locateKey(key, here, there) }))
  return [find('client.drift', {
    area: 'clients',
    about: { document: 'client' },
    // Users that log in by the server name miss nothing.
    severity: differences.every(({ where }) => where === 'here') ? 'notice' : 'warning',
    parts: { host: own.host, differences },
    evidence: { keys, here, there }
  })]
}

function locateKey (key: string, here: JsonObject, there: JsonObject): 'here' | 'there' | 'both' {
  if (property(here, key) === undefined) return 'there'
  return property(there, key) === undefined ? 'here' : 'both'
}

/** Clients accept a base URL with or without a slash at its end (docs/readers.md). */
function isSameValue (key: string, here: JsonObject, there: JsonObject): boolean {
  if (key === 'm.homeserver' || key === 'm.identity_server') {
    const [left, right] = [baseUrlOf(here, key), baseUrlOf(there, key)]
    if (left !== undefined && right !== undefined) return normalizeUrl(left) === normalizeUrl(right)
  }
  return isDeepStrictEqual(here[key], there[key])
}

function normalizeUrl (url: string): string {
  return new URL(parseBaseUrl(url).href).href
}
