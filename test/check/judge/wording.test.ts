import t from 'tap'
import { callFindings } from '../../../src/check/judge/calls.ts'
import { identityServerFindings } from '../../../src/check/judge/identity-server.ts'
import { judgeSrvFailure } from '../../../src/check/judge/lookups.ts'
import { describeConnectionFailure } from '../../../src/check/judge/reachability.ts'
import { splitBrainFindings } from '../../../src/check/judge/split-brain.ts'
import type { Failure } from '../../../src/check/network/peer.ts'

t.test('a failed connection is described by its kind', async t => {
  const cases: ReadonlyArray<readonly [kind: Failure['kind'], message: string, text: RegExp]> = [
    ['refused', 'connect ECONNREFUSED', /refused/],
    ['timeout', 'timeout', /while connecting/],
    ['unroutable', 'connect ENETUNREACH', /ENETUNREACH/],
    ['not-public', "10.0.0.1 isn't a public address", /--public-only refuses to connect to it/],
    ['tls', 'wrong version number', /TLS/],
    ['not-http', 'Expected HTTP/', /isn't HTTP/],
    ['reset', 'read ECONNRESET', /while connecting/],
    ['other', 'something else', /something else/]
  ]
  for (const [kind, message, text] of cases) {
    t.match(describeConnectionFailure({ kind, phase: 'connect', message }), text, kind)
  }
})

t.test('an identity server that sends nothing is named', async t => {
  const { what } = identityServerFindings['client.identity-server']
  const url = 'https://identity.example.com'
  t.equal(what({ url, fault: 'silent', failure: undefined }),
    'There is no response from /_matrix/identity/v2 at https://identity.example.com.')
})

t.test('the services for calls are listed, or none', async t => {
  const { what } = callFindings['client.rtc-differs']
  const url = 'https://rtc.example.com'
  t.equal(what({ here: [url], there: [] }), `/client contains ${url}, the homeserver none.`)
  t.equal(what({ here: [], there: [url] }), `/client contains none, the homeserver ${url}.`)
})

t.test('addresses that differ are listed with what they serve', async t => {
  const { what } = splitBrainFindings['document.split-brain']
  const version = (address: string, content: object | undefined, fault: 'html' | 'json' | undefined, status = 200) =>
    ({ addresses: [address], content: content === undefined ? undefined : { ...content }, fault, status })
  t.equal(what({
    versions: [
      version('192.0.2.1', { a: 1 }, undefined),
      version('192.0.2.2', undefined, 'html'),
      version('192.0.2.3', undefined, 'json'),
      version('192.0.2.4', undefined, undefined, 404)
    ]
  }), '192.0.2.1 serves the document; 192.0.2.2 serves a web page; ' +
    "192.0.2.3 serves something that isn't a JSON object (json); 192.0.2.4 serves no document (status 404).")
})

t.test('an SRV lookup that has not failed has no finding', async t => {
  t.strictSame(judgeSrvFailure({ name: '_matrix._tcp.example.com', records: [], failure: undefined }), [])
})
