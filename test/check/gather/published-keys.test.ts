import { generateKeyPairSync, sign } from 'node:crypto'
import t from 'tap'
import { readAddress } from '../../../src/check/gather/federation.ts'
import { areKeysValid, readPublishedKeys } from '../../../src/check/gather/published-keys.ts'
import type { Exchange } from '../../../src/check/network/peer.ts'
import { stateOfAddress } from '../../../src/check/readers/address-state.ts'
import { canonicalizeSigned } from '../../../src/matrix/signed-json.ts'
import { exchange } from '../../support/exchange.ts'

const now = new Date('2026-01-01')
const serverName = 'example.com'
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const key = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64').replace(/=+$/, '')

/** A response for keys with this many of them, of which those from one on have a wrong signature. */
function respondWithKeys (count: number, firstWrong = count): Buffer {
  const ids = Array.from({ length: count }, (_, i) => `ed25519:${i}`)
  const document = {
    server_name: serverName,
    valid_until_ts: now.getTime() + 1,
    verify_keys: Object.fromEntries(ids.map(id => [id, { key }]))
  }
  const signed = canonicalizeSigned(document) ?? Buffer.from('')
  const signature = sign(null, signed, privateKey).toString('base64').replace(/=+$/, '')
  const signatures = Object.fromEntries(ids.map((id, i) => [id, i < firstWrong ? signature : 'A'.repeat(86)]))
  return Buffer.from(JSON.stringify({ ...document, signatures: { [serverName]: signatures } }))
}

function respond (body: Buffer, status = 200): Exchange {
  return exchange({ status, headers: [], body, truncated: false })
}

t.test('of hundreds of keys, as many signatures are verified as any homeserver has', async t => {
  const keys = readPublishedKeys(respond(respondWithKeys(700, 0)), serverName)
  t.match(keys?.signatures, { count: 700, checked: 16 })
  t.equal(keys?.signatures?.faults.get('wrong')?.length, 16)
})

t.test('a key that is not checked is not held against the homeserver', async t => {
  for (const [firstWrong, isValid] of [[20, true], [16, true], [15, false]] as const) {
    const keys = readPublishedKeys(respond(respondWithKeys(20, firstWrong)), serverName)
    t.equal(keys !== undefined && areKeysValid(keys, now), isValid, String(firstWrong))
  }
})

t.test('the responses of an address are read once, however many readers meet it', async t => {
  const lookup = { host: serverName, addresses: ['45.0.0.1'], source: 'dns', failures: {} } as const
  const target = { host: serverName, port: 443, lookup, priority: 0, cname: undefined }
  const notServed = Buffer.from('{"errcode":"M_UNRECOGNIZED"}')
  const cases: ReadonlyArray<readonly [keys: Buffer, others: readonly [body: Buffer, status: number], kind: string]> = [
    [respondWithKeys(2), [Buffer.from('{}'), 200], 'good'],
    [respondWithKeys(2, 0), [Buffer.from('{}'), 200], 'bad'],
    [respondWithKeys(2), [notServed, 404], 'bad']
  ]
  for (const [body, [other, status], kind] of cases) {
    let reads = 0
    const counted = (body: Buffer, status: number): Exchange => {
      const plain = respond(body, status)
      const response = {
        status,
        headers: [],
        truncated: false,
        get body () {
          reads++
          return body
        }
      }
      return { ...plain, response }
    }
    const version = counted(other, status)
    const address = readAddress({
      target, address: '45.0.0.1', version, keys: counted(body, 200), plainEvent: version, encodedEvent: version
    }, serverName)
    t.ok(reads > 0)
    reads = 0
    t.equal(stateOfAddress(address, now).kind, kind)
    t.equal(reads, 0)
  }
})
