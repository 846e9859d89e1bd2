import t from 'tap'
import { parsePublicKey } from '../../src/matrix/public-key.ts'
import { invalid } from '../support/invalid.ts'

t.test('decodes 32 bytes of either base64 alphabet', async t => {
  const bytes = Buffer.alloc(32, 0xfb)
  t.strictSame(parsePublicKey(bytes.toString('base64url')), new Uint8Array(bytes))
  t.strictSame(parsePublicKey(bytes.toString('base64').replace('=', '')), new Uint8Array(bytes))
  t.equal(parsePublicKey('6yhHGKhCiXTSEN2ksjV7kX_N6rBQZ3Xb-M7LlC6NS-s').length, 32, "the specification's own example")
})

t.test('refuses everything else', async t => {
  const wanted = 'not an ed25519 public key: write its 32 bytes in base64, 43 characters'
  for (const input of ['', 'abc', 'a'.repeat(42), 'a'.repeat(44), `${'a'.repeat(41)}+_`, `${'a'.repeat(42)}!`]) {
    t.strictSame(invalid(() => parsePublicKey(input)), ['ERR_KEY', wanted], JSON.stringify(input))
  }
  t.strictSame(invalid(() => parsePublicKey(`${'a'.repeat(43)}=`)), ['ERR_KEY', 'leave out the "=" at the end', 'a'.repeat(43)])
})

t.test('says nothing of the secret in a signing key file', async t => {
  const fault = 'a line of a key file, which may be private and is not shown: write the public key'
  const parse = (): unknown => parsePublicKey('ed25519 a_1234 c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U')
  t.strictSame(invalid(parse), ['ERR_PRIVATE_KEY', fault])
  t.throws(parse, { input: '…', message: `"…": ${fault}` })
})
