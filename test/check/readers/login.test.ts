import t from 'tap'
import { isPublicHttps } from '../../../src/check/readers/login.ts'

t.test('the URLs of an OAuth server are https URLs that can be reached from outside', async t => {
  const cases: [value: unknown, expected: boolean][] = [
    ['https://auth.example.com/', true],
    ['https://45.0.0.2/authorize', true],
    ['https://[2a00:db8::2]/authorize', true],
    [undefined, false],
    [5, false],
    ['auth.example.com', false],
    ['http://auth.example.com/', false],
    ['https://user@auth.example.com/', false],
    ['https://10.0.0.2/', false],
    ['https://[::1]/', false],
    ['https://synapse/', false],
    ['https://auth.local/', false],
    ['https://auth.home.arpa/', false]
  ]
  for (const [value, expected] of cases) t.equal(isPublicHttps(value), expected, String(value))
})
