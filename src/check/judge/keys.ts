import { formatCount } from '../../matrix/format-count.ts'
import { findInvalidValue } from '../../matrix/invalid-value.ts'
import type { JsonObject } from '../../matrix/json-object.ts'
import { listSome } from '../../matrix/list-some.ts'
import { quote } from '../../matrix/printable.ts'
import type { KeySignatures, SignatureFault } from '../../matrix/server-keys.ts'
import { parseServerName } from '../../matrix/server-name.ts'
import { keysPath } from '../gather/federation.ts'
import type { FederationAddress } from '../gather/federation.ts'
import { readJsonResponse } from '../network/json-body.ts'
import { judgeGateway } from './gateway.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { describeBadResponse, fixBadResponse, readBadResponse, whyIncomplete } from './incomplete.ts'
import type { BadResponse } from './incomplete.ts'
import { suggestPlace } from './known-place.ts'
import { references } from './references.ts'

const hour = 3_600_000

const somethingElse = 'Something other than a homeserver responds: check where the proxy sends /_matrix/key.'

export const keyFindings = {
  'keys.missing': {
    severity: 'warning',
    title: "/_matrix/key/v2/server is missing or isn't a list of keys",
    why: 'Without its keys, other servers reject every event and request of this homeserver.',
    specification: references.serverKeys,
    what: ({ response }: Pick<MissingParts, 'response'>) => response === 'no-ed25519'
      ? 'verify_keys has no ed25519 key.'
      : describeBadResponse(keysPath, response, 'not a JSON object'),
    fix: ({ response, known }: MissingParts) => {
      if (response === 'no-ed25519') return somethingElse
      return fixBadResponse(response, 'federation',
        `Pass all of /_matrix on to the homeserver, with the original Host header${suggestPlace('M_SERVER', known)}.`)
    },
    example: { response: { status: 404, incomplete: undefined }, known: undefined }
  },
  'keys.server-name': {
    severity: 'warning',
    title: 'The homeserver identifies itself with a different server name',
    why: 'Its keys are valid for that name only, so other servers reject it under this one.',
    specification: references.serverKeys,
    what: ({ name, serverName }: ServerNameParts) => name === undefined
      ? `The homeserver doesn't give its name, which should be ${quote(serverName)}.`
      : `The homeserver identifies itself as ${quote(name)}, not ${quote(serverName)}.`,
    fix: ({ name, serverName }: ServerNameParts) => isServerName(name)
      ? `If users are called @user:${name}, check ${name} instead. Otherwise delegate to another homeserver, or set ` +
        `server_name to ${serverName}; in Synapse, that needs a new database.`
      : `Set its server_name to ${serverName}, or delegate to another homeserver.`,
    example: { name: 'matrix.example.com', serverName: 'example.com' }
  },
  'keys.expired': {
    severity: 'warning',
    title: 'The signing keys are no longer valid (valid_until_ts)',
    why: 'Other servers reject what is signed with them.',
    specification: references.serverKeys,
    what: ({ until }: { until: number | undefined }) => until === undefined
      ? 'valid_until_ts is missing or not a number.'
      : `The keys were valid until ${formatTime(until)}.`,
    fix: ({ until }: { until: number | undefined }) => until === undefined
      ? somethingElse
      : 'Check the clocks of both machines, and whether a cache responds in place of the homeserver.',
    example: { until: Date.UTC(2026, 0, 31) }
  },
  'keys.expires-soon': {
    severity: 'warning',
    title: 'The signing keys are valid for less than an hour',
    why: 'Other servers have to fetch them again and again.',
    specification: references.serverKeys,
    what: ({ until }: { until: number }) => `The keys are valid until ${formatTime(until)}.`,
    fix: 'Raise key_refresh_interval, or whatever your homeserver calls it.',
    example: { until: Date.UTC(2026, 0, 31) }
  },
  'keys.signature': {
    severity: 'warning',
    title: "The keys aren't correctly signed with themselves",
    why: "Other servers reject keys that aren't correctly signed.",
    specification: references.signing,
    what: ({ fault, keys }: { fault: SignatureFault, keys: readonly string[] }) =>
      `${keys.length === 1 ? 'The key' : 'The keys'} ${listSome(keys.map(quote))} ` +
      `${signatureFaults[fault][keys.length === 1 ? 0 : 1]}.`,
    fix: 'Check that no proxy or CDN changes the response, and that the homeserver uses its own signing key.',
    example: { fault: 'wrong', keys: ['ed25519:a_key'] }
  },
  'keys.too-many': {
    severity: 'notice',
    title: 'The homeserver publishes more signing keys than are checked',
    why: "Problems with the others aren't found, and other servers have to check each of them.",
    specification: references.serverKeys,
    what: ({ count, checked }: KeyCountParts) =>
      `verify_keys has ${formatCount(count)} ed25519 keys; only the first ${checked} are checked.`,
    fix: 'List only the keys that are in use, and move the others to old_verify_keys.',
    example: { count: 20, checked: 16 }
  }
} as const satisfies FindingKinds

export interface MissingParts {
  readonly response: BadResponse | 'no-ed25519'
  /** Where the homeserver is known to respond: a host and a port. */
  readonly known: string | undefined
}

export interface ServerNameParts {
  /** As the homeserver gives it. */
  readonly name: unknown
  readonly serverName: string
}

export interface KeyCountParts {
  readonly count: number
  readonly checked: number
}

/** Of one key, and of several. */
const signatureFaults: Readonly<Record<SignatureFault, readonly [one: string, several: string]>> = {
  'not-a-key': ["isn't 32 bytes of unpadded base64", "aren't 32 bytes of unpadded base64"],
  missing: ["hasn't signed the response", "haven't signed the response"],
  wrong: [
    "has a signature that doesn't match the response",
    "have signatures that don't match the response"
  ]
}

function isServerName (value: unknown): value is string {
  return typeof value === 'string' && findInvalidValue(parseServerName, value) === undefined
}

function formatTime (milliseconds: number): string {
  const date = new Date(milliseconds)
  return Number.isNaN(date.getTime()) ? String(milliseconds) : date.toISOString()
}

const find = findingBuilder(keyFindings)

/**
 * What is wrong with the signing keys that an address publishes; whether it can be reached is judged elsewhere.
 *
 * @param known where the homeserver is known to respond: a host and a port.
 */
export function judgeServerKeys (
  { keys: exchange, publishedKeys }: Pick<FederationAddress, 'keys' | 'publishedKeys'>,
  serverName: string,
  { known, ...context }: Context & { readonly known?: string | undefined },
  now: Date
): Finding[] {
  const { response, failure } = exchange
  if (response === undefined) return []
  const down = judgeGateway({ ...exchange, response }, context)
  if (down.length > 0) return down
  const { content } = readJsonResponse(response)
  const incomplete = whyIncomplete(response, failure)
  if (incomplete !== undefined || response.status !== 200 || content === undefined) {
    const evidence = { status: response.status, begins: response.body.subarray(0, 200).toString() }
    const parts = { response: readBadResponse({ ...exchange, response }), known }
    return [find('keys.missing', { ...context, parts, evidence })]
  }
  const { server_name: name } = content
  if (name !== serverName) return [judgeServerName(name, serverName, context)]
  return [...judgeValidity(content, context, now), ...judgeSignatures(content, publishedKeys?.signatures, context)]
}

/** A homeserver that gives another name. */
export function judgeServerName (name: unknown, serverName: string, context: Context): Finding {
  return find('keys.server-name', { ...context, parts: { name, serverName }, evidence: { server_name: name } })
}

function judgeValidity ({ valid_until_ts: until }: JsonObject, context: Context, now: Date): Finding[] {
  const details = { ...context, evidence: { valid_until_ts: until } }
  if (typeof until !== 'number') return [find('keys.expired', { ...details, parts: { until: undefined } })]
  const left = until - now.getTime()
  if (left <= 0) return [find('keys.expired', { ...details, parts: { until } })]
  return left < hour ? [find('keys.expires-soon', { ...details, parts: { until } })] : []
}

function judgeSignatures (
  content: JsonObject,
  signatures: KeySignatures | undefined,
  context: Context
): Finding[] {
  if (signatures === undefined) {
    const evidence = { verify_keys: content['verify_keys'] }
    return [find('keys.missing', { ...context, parts: { response: 'no-ed25519', known: undefined }, evidence })]
  }
  const { faults, count, checked } = signatures
  return [
    ...[...faults].map(([fault, keys]) =>
      find('keys.signature', { ...context, parts: { fault, keys }, evidence: { keys } })),
    ...count > checked ? [find('keys.too-many', { ...context, parts: { count, checked } })] : []
  ]
}
