import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'tap'
import type { JsonObject } from '../../src/matrix/json-object.ts'
import { canonicalizeSigned, verifySignature } from '../../src/matrix/signed-json.ts'

function verify (object: JsonObject, key: Uint8Array, signature: string): boolean {
  const signed = canonicalizeSigned(object)
  return signed !== undefined && verifySignature(signed, key, signature)
}

/** Test vectors of the specification: Appendices › Cryptographic Test Vectors. */
const specificationKey = Buffer.from('XGX0JRS2Af3be3knz2fBiRbApjm2Dh61gXDJA8kcJNI', 'base64')

const ofEmptyObject = 'K8280/U9SSy9IVtjBuVeLr+HpOB4BQFWbg+UZaADMtTdGYI7Geitb76LTrr5QV/7Xg4ahLwYGYZzuHGZKM5ZAQ'
const ofTwoKeys = 'KqmLSbO39/Bzb0QIYE82zqLwsA+PDzYIpIRA2sRQ4sL53+sN6/fpNSoqE7BP7vBZhG6kYdD13EIMJpvhJI+6Bw'

test('verifies the test vectors of the specification', t => {
  t.ok(verify({}, specificationKey, ofEmptyObject))
  t.ok(verify({ two: 'Two', one: 1 }, specificationKey, ofTwoKeys))
  t.notOk(verify({ two: 'Two', one: 2 }, specificationKey, ofTwoKeys))
  t.end()
})

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const ownKey = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)

/** JSON as received, and its canonical form as defined in the appendices. */
const canonical: Readonly<Record<string, readonly [arrives: string, canonical: string]>> = {
  'keys in another order, white space': [
    '{ "b": 1,\n "a": [ 2, { "d": null, "c": true } ] }',
    '{"a":[2,{"c":true,"d":null}],"b":1}'
  ],
  'signatures and unsigned, removed only at the top level': [
    '{"signatures":{"x":{}},"unsigned":{"age":1},"a":{"unsigned":1}}',
    '{"a":{"unsigned":1}}'
  ],
  "text that isn't ASCII, escaped": ['{"a":"\\u65e5\\u672c\\u8a9e","\\u00f6":1}', '{"a":"日本語","ö":1}'],
  'text beyond the basic plane': ['{"a":"\\ud83d\\ude00"}', '{"a":"😀"}'],
  'control characters': ['{"a":"\\u001b\\u000a\\u007f\\/"}', '{"a":"\\u001b\\n\u007f/"}'],
  'numbers written at length': ['{"a":1.0,"b":1e3,"c":-0}', '{"a":1,"b":1000,"c":0}'],
  'a key called __proto__': ['{"__proto__":{"a":1},"a":{"__proto__":2}}', '{"__proto__":{"a":1},"a":{"__proto__":2}}'],
  'keys sorted by code point, not by UTF-16 code unit': ['{"\\ud83d\\ude00":2,"\\uff5e":1}', '{"～":1,"😀":2}'],
  'keys of every object': ['{"toString":1,"constructor":2}', '{"constructor":2,"toString":1}']
}

for (const [title, [arrives, bytes]] of Object.entries(canonical)) {
  test(`verifies over canonical JSON: ${title}`, t => {
    const signature = sign(null, Buffer.from(bytes), privateKey).toString('base64').replace(/=+$/, '')
    const object = JSON.parse(arrives) as JsonObject
    t.ok(verify(object, ownKey, signature))
    t.notOk(verify({ ...object, more: 1 }, ownKey, signature), 'not with an additional key')
    t.end()
  })
}

const hostile: Readonly<Record<string, readonly [arrives: string, key: Uint8Array, signature: string]>> = {
  'half a character': ['{"a":"\\ud800"}', ownKey, 'AAAA'],
  'half a character in a key': ['{"\\udc00":1}', ownKey, 'AAAA'],
  'a number out of range': ['{"a":1e999}', ownKey, 'AAAA'],
  'no signature': ['{}', ownKey, ''],
  "a signature that isn't base64": ['{}', ownKey, '\u0000💥'],
  'a signature of another length': ['{}', ownKey, 'A'.repeat(10_000)],
  "a key that isn't a point on the curve": ['{}', new Uint8Array(32).fill(255), 'A'.repeat(86)]
}

for (const [title, [arrives, key, signature]] of Object.entries(hostile)) {
  test(`rejects ${title}`, t => {
    t.equal(verify(JSON.parse(arrives) as JsonObject, key, signature), false)
    t.end()
  })
}
