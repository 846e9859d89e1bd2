import t from 'tap'
import { isCurrentLocalpart, parseUserId } from '../../src/matrix/user-id.ts'
import { invalid } from '../support/invalid.ts'

t.test('parses current and historical user IDs', async t => {
  t.match(parseUserId('@alice:example.com'), { localpart: 'alice', serverName: { host: 'example.com' } })
  t.match(parseUserId('@Alice/!~"$=:[::1]:8448'),
    { localpart: 'Alice/!~"$=', serverName: { host: '[::1]', port: 8448 } })
  t.match(parseUserId('@jürgen:example.com'), { localpart: 'jürgen', serverName: { host: 'example.com' } })
  t.match(parseUserId('@:example.com'), { localpart: '', serverName: { host: 'example.com' } })
})

t.test('recognizes which localparts can still be registered', async t => {
  for (const localpart of ['alice', 'a.b_c-d=e/f+g1']) t.ok(isCurrentLocalpart(localpart), localpart)
  for (const localpart of ['', 'Alice', 'jürgen', 'a!b']) t.notOk(isCurrentLocalpart(localpart), localpart)
})

t.test('rejects everything else, and says what to write instead', async t => {
  const others = [
    'alice', 'alice@example.com', '@alice', '@al ice:example.com', '@a\u0000:b', '@a\ud800:b', '@a\u202eb:c'
  ]
  for (const input of others) {
    const expected = ['ERR_USER_ID', 'not a user ID; write one such as @alice:example.com']
    t.strictSame(invalid(() => parseUserId(input)), expected, input)
  }
  const refusals: [input: string, code: string, explanation: string][] = [
    ['alice:example.com', 'ERR_USER_ID', 'not a user ID; use @alice:example.com'],
    ['alice:a..b', 'ERR_USER_ID', 'not a user ID; write one such as @alice:example.com'],
    ['mailto:alice', 'ERR_USER_ID', 'not a user ID; write one such as @alice:example.com'],
    ['mailto:alice@example.com', 'ERR_USER_ID', 'not a user ID; write one such as @alice:example.com'],
    ['@alice:a..b', 'ERR_DOTS', 'has the server name "a..b", which has an extra dot; use @alice:a.b'],
    [`@${'ä'.repeat(125)}:a.de`, 'ERR_LENGTH', 'has 256 bytes, which is too long for a user ID; use at most 255']
  ]
  for (const [input, ...expected] of refusals) t.strictSame(invalid(() => parseUserId(input)), expected, input)
})
