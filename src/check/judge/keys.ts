import { keysPath } from '../gather/federation.ts'
import { isJsonObject, property } from '../../matrix/json-object.ts'
import type { JsonObject } from '../../matrix/json-object.ts'
import { findInvalidValue } from '../../matrix/invalid-value.ts'
import { quote } from '../../matrix/printable.ts'
import { parsePublicKey } from '../../matrix/public-key.ts'
import { parseServerName } from '../../matrix/server-name.ts'
import { canonicalizeSigned, verifySignature } from '../../matrix/signed-json.ts'
import { buildFinding } from './finding.ts'
import type { About, Details, Finding, FindingId } from './finding.ts'
import { readJsonObject } from '../network/json-body.ts'
import type { Exchange } from '../network/peer.ts'
import { describeFault, lookBetween, whyIncomplete } from './incomplete.ts'

const hour = 3_600_000

/** What is wrong with the signing keys that an address publishes; that it can't be reached is for others to judge. */
export function judgeKeys (exchange: Exchange, serverName: string, subject: string, now: Date): Finding[] {
  const { response } = exchange
  if (response === undefined) return []
  const about = (id: FindingId, details: Omit<Details, 'area' | 'subject'>): Finding => buildFinding(id, { area: 'federation', subject, ...details })
  const { content } = readJsonObject(response.body)
  const incomplete = whyIncomplete(exchange)
  if (incomplete !== undefined || response.status !== 200 || content === undefined) {
    return [about('keys.missing', {
      what: `${keysPath} is answered with status ${response.status}${describeFault(response, incomplete, 'no JSON object')}.`,
      change: incomplete !== undefined ? lookBetween : 'Pass /_matrix/key on to the homeserver, with the Host header as it came.',
      evidence: { status: response.status, begins: response.body.subarray(0, 200).toString() }
    })]
  }
  const { server_name: name } = content
  if (name !== serverName) return [judgeServerName(name, serverName, about)]
  return [...judgeValidity(content, about, now), ...judgeSignatures(content, serverName, about)]
}

function judgeServerName (name: unknown, serverName: string, about: About): Finding {
  const meant = typeof name === 'string' && findInvalidValue(parseServerName, name) === undefined ? name : undefined
  return about('keys.server-name', {
    what: name === undefined ? `The homeserver does not say its name, which should be ${quote(serverName)}.` : `The homeserver calls itself ${quote(name)}, not ${quote(serverName)}.`,
    change: meant === undefined
      ? 'Set its server_name, or delegate to another homeserver.'
      : `Did you mean ${meant}? Users are called @user:${meant}; check that name. Otherwise delegate to another homeserver.`,
    evidence: { server_name: name }
  })
}

function judgeValidity ({ valid_until_ts: until }: JsonObject, about: About, now: Date): Finding[] {
  const evidence = { valid_until_ts: until }
  if (typeof until !== 'number') {
    return [about('keys.expired', { what: 'valid_until_ts is missing or no number.', change: 'See what answers in the place of the homeserver.', evidence })]
  }
  const left = until - now.getTime()
  const when = formatTime(until)
  if (left <= 0) return [about('keys.expired', { what: `The keys were valid until ${when}.`, change: 'See whether the clocks of both machines are right, and whether a cache answers in the place of the homeserver.', evidence })]
  if (left < hour) return [about('keys.expires-soon', { what: `The keys are valid until ${when}.`, change: 'Raise key_refresh_interval, or whatever your homeserver calls it.', evidence })]
  return []
}

function formatTime (milliseconds: number): string {
  const date = new Date(milliseconds)
  return Number.isNaN(date.getTime()) ? String(milliseconds) : date.toISOString()
}

/** All ed25519 keys must have signed, for the name of the server (spec §9.2). */
function judgeSignatures (content: JsonObject, serverName: string, about: About): Finding[] {
  const verifyKeys = isJsonObject(content['verify_keys']) ? content['verify_keys'] : {}
  const ids = Object.keys(verifyKeys).filter(id => id.startsWith('ed25519:'))
  if (ids.length === 0) {
    return [about('keys.missing', { what: 'verify_keys has no ed25519 key.', change: 'See what answers in the place of the homeserver.', evidence: { verify_keys: content['verify_keys'] } })]
  }
  const signatures = property(property(content, 'signatures'), serverName)
  const signed = canonicalizeSigned(content)
  const faulty = new Map<SignatureFault, string[]>()
  for (const id of ids) {
    const fault = findSignatureFault(signed, property(property(verifyKeys, id), 'key'), property(signatures, id))
    if (fault !== undefined) faulty.set(fault, [...faulty.get(fault) ?? [], id])
  }
  return [...faulty].map(([fault, keys]) => about('keys.signature', {
    what: keys.length === 1 ? `The key ${listKeys(keys)} ${fault[0]}.` : `The keys ${listKeys(keys)} ${fault[1]}.`,
    change: 'See whether something between changes the answer, and whether the homeserver has the key that it says.',
    evidence: { keys }
  }))
}

function listKeys (ids: readonly string[]): string {
  return ids.slice(0, 3).map(quote).join(', ') + (ids.length > 3 ? ` and ${ids.length - 3} more` : '')
}

/** Of one key, and of several. */
type SignatureFault = readonly [one: string, several: string]

const notAKey: SignatureFault = ['is not 32 bytes of unpadded base64', 'are not 32 bytes of unpadded base64']
const notSigned: SignatureFault = ['has not signed the answer', 'have not signed the answer']
const signedAnother: SignatureFault = ['has signed another answer: its signature is wrong', 'have signed another answer: their signatures are wrong']

function findSignatureFault (signed: Uint8Array | undefined, key: unknown, signature: unknown): SignatureFault | undefined {
  if (typeof key !== 'string' || findInvalidValue(parsePublicKey, key) !== undefined) return notAKey
  if (typeof signature !== 'string') return notSigned
  return signed !== undefined && verifySignature(signed, parsePublicKey(key), signature) ? undefined : signedAnother
}
