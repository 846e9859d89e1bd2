import { join } from 'node:path'
import t from 'tap'
import { parseSources } from '../../src/import/source.ts'

t.test("a server name isn't taken for a file", async t => {
  const existing = join(t.testdir({ 'example.org': 'x' }), 'example.org')
  const sources: [args: string[], source: object][] = [
    [['example.com'], { serverName: 'example.com' }],
    [['example.com:8448'], { serverName: 'example.com:8448' }],
    [['[2001:db8::1]'], { serverName: '[2001:db8::1]' }],
    [['https://example.com'], { serverName: 'example.com' }],
    [['HTTPS://example.com:443/'], { serverName: 'example.com' }],
    [['https://example.com/.well-known/matrix/client'], { serverName: 'example.com' }],
    [[existing], { paths: [existing] }],
    [['./a', 'b/c'], { paths: ['./a', 'b/c'] }],
    [['homeserver.yaml'], { paths: ['homeserver.yaml'] }],
    [['conf.d/a.yml', 'tuwunel.toml', 'client.json'], { paths: ['conf.d/a.yml', 'tuwunel.toml', 'client.json'] }],
    [['-'], { paths: ['-'] }],
    [['not a name'], { paths: ['not a name'] }],
    [['/srv/a@b', '@'], { paths: ['/srv/a@b', '@'] }]
  ]
  for (const [args, source] of sources) t.strictSame(parseSources(args), source, args.join(' '))
})

t.test('what can only be a mistake is refused, with the fix', async t => {
  const refused: [args: string[], message: RegExp][] = [
    [['example.com', 'example.org'], /^Import example\.com without anything else/],
    [['a/b', 'example.org'], /^Import example\.org without anything else/],
    [['http://example.com'], /only look at port 443 with https; use https:\/\/example\.com$/],
    [['https://example.com:8443'], /use https:\/\/example\.com$/],
    [['https://example.com/matrix'], /use https:\/\/example\.com$/],
    [
      ['https://user:secret@example.com'],
      /^The source is "https:\/\/\*\*\*@example\.com": contains a user name or password/
    ],
    [['https://'], /has no host/],
    [['@alice:example.com'], /^The source is "@alice:example\.com": .* a user ID; use example\.com$/],
    [['alice@example.com'], /contains "@"; use example\.com$/],
    [['matrix://example.com'], /starts with "matrix:\/\/"; use example\.com/],
    [[''], /^The source is "": empty; write a server name such as example\.com$/]
  ]
  for (const [args, message] of refused) {
    t.throws(() => parseSources(args), { code: 'ERR_IMPORT_ARGUMENTS', message }, args.join(' '))
  }
})
