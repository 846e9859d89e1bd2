import { generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import canonicalize from 'canonicalize'

/** What is wrong with a homeserver's keys; by default, nothing. */
export interface KeyFaults {
  /** Responds and signs as this server instead. */
  readonly serverName?: string
  /** In milliseconds from now; negative for expired keys. By default 24 hours. */
  readonly validFor?: number
  /** The signature is of different bytes, or missing. */
  readonly signature?: 'bad' | 'missing'
  /** There is only a key of another algorithm. */
  readonly ed25519?: false
  /** A second ed25519 key with a good, a bad or no signature. */
  readonly second?: 'good' | 'bad' | 'missing'
  /** Changes the document before it is signed. */
  readonly edit?: (document: Record<string, unknown>) => Record<string, unknown>
}

/** The response of `/_matrix/key/v2/server`, freshly signed. */
export type KeyDocument = (now: number) => unknown

/** Makes ed25519 keys for a server. @see https://spec.matrix.org/latest/server-server-api/#publishing-keys */
export function makeServerKeys (serverName: string, faults: KeyFaults = {}): KeyDocument {
  const name = faults.serverName ?? serverName
  const keys = [
    { id: 'ed25519:a_test', signature: faults.signature ?? 'good', ...makeKey() },
    ...faults.second === undefined ? [] : [{ id: 'ed25519:b_test', signature: faults.second, ...makeKey() }]
  ].map(key => faults.ed25519 === false ? { ...key, id: key.id.replace('ed25519', 'org.example.other') } : key)
  const old = makeKey()
  const edit = faults.edit ?? (document => document)
  return now => {
    const document = edit({
      server_name: name,
      valid_until_ts: now + (faults.validFor ?? 24 * 60 * 60 * 1000),
      verify_keys: Object.fromEntries(keys.map(({ id, publicKey }) => [id, { key: publicKey }])),
      old_verify_keys: { 'ed25519:old_test': { key: old.publicKey, expired_ts: now - 90 * 24 * 60 * 60 * 1000 } }
    })
    const bytes = Buffer.from(canonicalize(document) ?? '')
    const signatures = keys.filter(({ signature }) => signature !== 'missing').map(({ id, privateKey, signature }) =>
      [id, unpadded(sign(null, signature === 'bad' ? Buffer.concat([bytes, Buffer.from(' ')]) : bytes, privateKey))])
    return { ...document, signatures: { [name]: Object.fromEntries(signatures) as unknown } }
  }
}

function makeKey (): { privateKey: KeyObject, publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  // The last 32 bytes of an ed25519 key's SPKI are the key (RFC 8410 §4).
  return { privateKey, publicKey: unpadded(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)) }
}

/** @see https://spec.matrix.org/latest/appendices/#unpadded-base64 */
function unpadded (bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
