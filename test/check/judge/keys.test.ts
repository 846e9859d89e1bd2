import { test } from 'tap'
import { respondWith, html, json, matrixError } from '../../support/responses.ts'
import { byteOrderMark, deeplyNested, noResponse } from '../../support/bad-bodies.ts'
import { checkWorld } from '../../support/check-world.ts'
import { startHealthyWorld } from '../../support/healthy-world.ts'
import type { HomeserverOptions } from '../../support/homeserver.ts'

const subject = 'matrix.example.com:443 at 45.0.0.3'
const path = 'GET /_matrix/key/v2/server'
const hour = 3_600_000
const instead = (body: unknown): Partial<HomeserverOptions> => ({ routes: { [path]: json(body) } })
const edited = (changes: Record<string, unknown>): Partial<HomeserverOptions> => ({
  keys: { edit: document => ({ ...document, ...changes }) }
})

interface Expected {
  readonly id: string
  readonly severity?: string
  readonly what: string | RegExp
  readonly fix?: string | RegExp
}

const faults: Readonly<Record<string, readonly [homeserver: Partial<HomeserverOptions>, ...findings: Expected[]]>> = {
  'nothing wrong': [{}],
  'nothing wrong, and two keys': [{ keys: { second: 'good' } }],
  "nothing wrong, and text that isn't ASCII, nested": [
    edited({ 'com.example.ö': { z: ['日本語', '😀', '\u001b"\\'], a: { b: [{}] } } })
  ],
  'nothing wrong, and a key called __proto__': [
    edited(JSON.parse('{"__proto__":{"a":1}}') as Record<string, unknown>)
  ],
  'keys that have expired': [
    { keys: { validFor: -hour } },
    { id: 'keys.expired', severity: 'failure', what: /^The keys were valid until \d{4}-.*Z\.$/, fix: /clocks/ }
  ],
  'keys that expire soon': [
    { keys: { validFor: hour / 2 } },
    { id: 'keys.expires-soon', severity: 'warning', what: /^The keys are valid until \d{4}-.*Z\.$/ }
  ],
  'keys that are valid forever': [edited({ valid_until_ts: 1e300 })],
  'keys that expired before any date': [
    edited({ valid_until_ts: -1e300 }),
    { id: 'keys.expired', what: 'The keys were valid until -1e+300.' }
  ],
  'an expiry that is a string': [
    edited({ valid_until_ts: '1800000000000' }),
    { id: 'keys.expired', what: 'valid_until_ts is missing or not a number.' }
  ],
  'no expiry': [
    edited({ valid_until_ts: undefined }),
    { id: 'keys.expired', what: 'valid_until_ts is missing or not a number.' }
  ],
  'the signature of another document': [
    { keys: { signature: 'bad' } },
    {
      id: 'keys.signature',
      severity: 'failure',
      what: 'The key "ed25519:a_test" has a signature that doesn\'t match the response.',
      fix: /no proxy or CDN changes the response/
    }
  ],
  'no signature': [
    { keys: { signature: 'missing' } },
    { id: 'keys.signature', what: 'The key "ed25519:a_test" hasn\'t signed the response.' }
  ],
  'a second key with a wrong signature': [
    { keys: { second: 'bad' } },
    { id: 'keys.signature', what: 'The key "ed25519:b_test" has a signature that doesn\'t match the response.' }
  ],
  "a second key that doesn't sign": [
    { keys: { second: 'missing' } },
    { id: 'keys.signature', what: 'The key "ed25519:b_test" hasn\'t signed the response.' }
  ],
  'no ed25519 key': [{ keys: { ed25519: false } }, { id: 'keys.missing', what: 'verify_keys has no ed25519 key.' }],
  'a list for the keys': [
    edited({ verify_keys: [] }),
    { id: 'keys.missing', what: 'verify_keys has no ed25519 key.' }
  ],
  'no keys': [edited({ verify_keys: undefined }), { id: 'keys.missing', what: 'verify_keys has no ed25519 key.' }],
  'a number for a key': [
    edited({ verify_keys: { 'ed25519:n': 1 } }),
    { id: 'keys.signature', what: 'The key "ed25519:n" isn\'t 32 bytes of unpadded base64.' }
  ],
  'a key that is too short': [
    edited({ verify_keys: { 'ed25519:s': { key: 'AAAA' } } }),
    { id: 'keys.signature', what: 'The key "ed25519:s" isn\'t 32 bytes of unpadded base64.' }
  ],
  'half of a surrogate pair': [
    {
      routes: {
        [path]: respondWith(
          '{"server_name":"example.com","valid_until_ts":4e12,' +
            `"verify_keys":{"ed25519:x":{"key":"${'A'.repeat(43)}"}},` +
            '"signatures":{"example.com":{"ed25519:x":"AAAA"}},"half":"\\ud800"}'
        )
      }
    },
    { id: 'keys.signature', what: /signature that doesn't match/ }
  ],
  'keys with the names of properties of every object': [
    instead({
      server_name: 'example.com',
      valid_until_ts: 4e12,
      verify_keys: { 'ed25519:x': { key: 'A'.repeat(43) } },
      signatures: JSON.parse('{"__proto__":{"ed25519:x":"AAAA"}}') as unknown
    }),
    { id: 'keys.signature', what: 'The key "ed25519:x" hasn\'t signed the response.' }
  ],
  'a number for the signatures': [
    instead({
      server_name: 'example.com',
      valid_until_ts: 4e12,
      verify_keys: { 'ed25519:x': { key: 'A'.repeat(43) } },
      signatures: { 'example.com': 5 }
    }),
    { id: 'keys.signature', what: 'The key "ed25519:x" hasn\'t signed the response.' }
  ],
  "a thousand keys that haven't signed": [
    instead({
      server_name: 'example.com',
      valid_until_ts: 4e12,
      verify_keys: Object.fromEntries(
        Array.from({ length: 1000 }, (_, i) => [`ed25519:${i}`, { key: 'A'.repeat(43) }])
      )
    }),
    {
      id: 'keys.signature',
      what: 'The keys "ed25519:0", "ed25519:1", "ed25519:2" and 13 more haven\'t signed the response.'
    },
    {
      id: 'keys.too-many',
      severity: 'notice',
      what: 'verify_keys has 1,000 ed25519 keys; only the first 16 are checked.'
    }
  ],
  'another server name': [
    { keys: { serverName: 'matrix.example.com' } },
    {
      id: 'keys.server-name',
      severity: 'failure',
      what: 'The homeserver identifies itself as "matrix.example.com", not "example.com".',
      fix: /^If users are called @user:matrix\.example\.com, check matrix\.example\.com instead\. Otherwise /
    }
  ],
  'the server name in upper case': [
    { keys: { serverName: 'Example.com' } },
    {
      id: 'keys.server-name',
      what: 'The homeserver identifies itself as "Example.com", not "example.com".',
      fix: /check Example\.com instead/
    }
  ],
  'an invalid server name': [
    { keys: { serverName: 'https://example.com' } },
    {
      id: 'keys.server-name',
      what: 'The homeserver identifies itself as "https://example.com", not "example.com".',
      fix: 'Set its server_name to example.com, or delegate to another homeserver.'
    }
  ],
  'a server name with an escape sequence': [
    { keys: { serverName: '\u001b[31mexample.com\u009b\u202e' } },
    {
      id: 'keys.server-name',
      what: 'The homeserver identifies itself as "\\u001b[31mexample.com\\u{9b}\\u{202e}", not "example.com".'
    }
  ],
  'a list for the server name': [
    edited({ server_name: ['example.com'] }),
    { id: 'keys.server-name', what: 'The homeserver identifies itself as ["example.com"], not "example.com".' }
  ],
  'no server name': [
    edited({ server_name: undefined }),
    { id: 'keys.server-name', what: 'The homeserver doesn\'t give its name, which should be "example.com".' }
  ],
  'an unknown path': [
    { routes: { [path]: undefined } },
    {
      id: 'keys.missing',
      what: '/_matrix/key/v2/server returns status 404.',
      fix: /^The homeserver responds, but doesn't serve this path\. In Synapse, add "federation" to the listener/
    }
  ],
  'an error': [
    { routes: { [path]: matrixError(502, 'M_UNKNOWN') } },
    { id: 'homeserver.down', what: /status 502 .* no response from the homeserver/ }
  ],
  'a web page': [
    { routes: { [path]: html('hello') } },
    { id: 'keys.missing', what: '/_matrix/key/v2/server returns status 200, but not a JSON object.' }
  ],
  'a list': [
    instead([]),
    { id: 'keys.missing', what: '/_matrix/key/v2/server returns status 200, but not a JSON object.' }
  ],
  'an empty response': [{ routes: { [path]: respondWith('') } }, { id: 'keys.missing', what: /not a JSON object/ }],
  'a byte order mark': [{ routes: { [path]: byteOrderMark({}) } }, { id: 'keys.missing', what: /not a JSON object/ }],
  'JSON that is nested too deeply': [
    { routes: { [path]: deeplyNested({ server_name: 'example.com' }, 20_000) } },
    { id: 'keys.missing', what: /not a JSON object/ }
  ]
}

for (const [title, [homeserver, ...findings]] of Object.entries(faults)) {
  test(`keys with ${title}`, async t => {
    const world = await startHealthyWorld(t, { homeserver })
    const report = await checkWorld(world, { only: 'federation' })
    t.match(
      report.findings,
      findings.map(finding => ({ subject, area: 'federation', ...finding }))
    )
    t.equal(report.findings.length, findings.length)
    t.equal(report.verdict.federation, findings.every(({ id }) => id === 'keys.expires-soon') ? 'works' : 'fails')
  })
}

test('keys that never arrive', async t => {
  const world = await startHealthyWorld(t, { homeserver: { routes: { [path]: noResponse() } } })
  const { findings, verdict } = await checkWorld(world, { only: 'federation', timeout: 2 })
  t.match(findings, [
    { id: 'federation.unreachable', severity: 'failure', what: /\. Timed out while waiting for the response\.$/ }
  ])
  t.equal(verdict.federation, 'fails')
})
