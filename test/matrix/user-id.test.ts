import t from 'tap'
import { parseUserId } from '../../src/matrix/user-id.ts'
import { invalid } from '../support/invalid.ts'

t.test('takes a user ID apart, of today or of old', async t => {
  t.match(parseUserId('@alice:example.com'), { localpart: 'alice', serverName: { host: 'example.com' } })
  t.match(parseUserId('@Alice/!~"$=:[::1]:8448'), { localpart: 'Alice/!~"$=', serverName: { host: '[::1]', port: 8448 } })
})

t.test('refuses what is no user ID', async t => {
  const refusals: [input: string, ...expected: string[]][] = [
    ['alice', 'ERR_USER_ID', 'not a user ID such as @alice:example.com'],
    ['alice@example.com', 'ERR_USER_ID', 'not a user ID such as @alice:example.com'],
    ['@alice', 'ERR_USER_ID', 'not a user ID such as @alice:example.com'],
    ['@:example.com', 'ERR_USER_ID', 'not a user ID such as @alice:example.com'],
    ['@al ice:example.com', 'ERR_USER_ID', 'not a user ID such as @alice:example.com'],
    ['@alice:a..b', 'ERR_DOTS', 'its server name "a..b": a dot too many', '@alice:a.b'],
    [`@${'a'.repeat(250)}:a.example`, 'ERR_LENGTH', '261 characters, a user ID at most 255']
  ]
  for (const [input, ...expected] of refusals) {
    t.strictSame(invalid(() => parseUserId(input)), expected, input)
  }
})
