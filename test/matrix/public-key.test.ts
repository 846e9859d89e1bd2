import t from 'tap'
import { encodePublicKey, parsePublicKey, parsePublishedKey } from '../../src/matrix/public-key.ts'
import { invalid } from '../support/invalid.ts'

const bytes = new Uint8Array(32).fill(0xfb)
const urlSafe = Buffer.from(bytes).toString('base64url')
const standard = Buffer.from(bytes).toString('base64').replace('=', '')

t.test('decodes 32 bytes of either base64 alphabet', async t => {
  t.strictSame(parsePublicKey(urlSafe), bytes)
  t.strictSame(parsePublicKey(standard), bytes)
  t.equal(encodePublicKey(bytes), standard)
  t.equal(encodePublicKey(parsePublicKey(`${'A'.repeat(42)}B`)), 'A'.repeat(43), 'unused bits are 0')
})

t.test('rejects the URL-safe alphabet in a document, as ruma does', async t => {
  t.strictSame(parsePublishedKey(standard), bytes)
  t.strictSame(invalid(() => parsePublishedKey(urlSafe)),
    ['ERR_KEY', `has the URL-safe base64 alphabet; use ${standard}`])
})

t.test('rejects everything else', async t => {
  const explanation = 'not an ed25519 public key; write its 32 bytes in base64, 43 characters'
  for (const input of ['', 'abc', 'a'.repeat(42), 'a'.repeat(44), `${'a'.repeat(41)}+_`, `${'a'.repeat(42)}!`]) {
    t.strictSame(invalid(() => parsePublicKey(input)), ['ERR_KEY', explanation], JSON.stringify(input))
  }
  const key = 'a'.repeat(43)
  t.strictSame(invalid(() => parsePublicKey(`${key}=`)), ['ERR_KEY', `has "=" at its end; use ${key}`])
  t.strictSame(invalid(() => parsePublicKey(JSON.stringify({ public_keys: { ed25519: standard } }))),
    ['ERR_JSON', `contains JSON, where only the value is needed; use ${standard}`])
})

t.test('does not show the secret in a signing key file', async t => {
  const explanation = "starts like a file with a private key, so it isn't shown; write the public key"
  const parse = (): unknown => parsePublicKey('ed25519 a_1234 c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U')
  t.strictSame(invalid(parse), ['ERR_PRIVATE_KEY', explanation])
  t.throws(parse, { input: '…', message: `"…": ${explanation}` })
})
