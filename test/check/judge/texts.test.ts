import t from 'tap'
import { accessFindings } from '../../../src/check/judge/access.ts'
import { callServiceFindings } from '../../../src/check/judge/call-services.ts'
import { certificateFindings } from '../../../src/check/judge/certificates.ts'
import { changedPathFindings } from '../../../src/check/judge/changed-paths.ts'
import { corsFindings } from '../../../src/check/judge/cors.ts'
import { documentFindings } from '../../../src/check/judge/documents.ts'
import { federationFindings } from '../../../src/check/judge/federation.ts'
import { gatewayFindings } from '../../../src/check/judge/gateway.ts'
import { hostFindings } from '../../../src/check/judge/host.ts'
import type { HostParts } from '../../../src/check/judge/host.ts'
import { identityServerFindings } from '../../../src/check/judge/identity-server.ts'
import { checkTheWay, describeBadResponse, fixBadResponse } from '../../../src/check/judge/incomplete.ts'
import type { BadResponse } from '../../../src/check/judge/incomplete.ts'
import { installationFindings } from '../../../src/check/judge/installation.ts'
import { intentFindings } from '../../../src/check/judge/intent.ts'
import type { Responder } from '../../../src/check/judge/intent.ts'
import { jsonFindings } from '../../../src/check/judge/json-faults.ts'
import type { Failure } from '../../../src/check/network/peer.ts'

const refused: Failure = { kind: 'refused', phase: 'connect', message: 'connect ECONNREFUSED 192.0.2.1:443' }

const unroutable: Failure = { kind: 'unroutable', phase: 'connect', message: 'connect ENETUNREACH 192.0.2.1:443' }

t.test("a service for calls that doesn't work", async t => {
  const { 'call.unreachable': unreachable, 'call.preflight': preflight, 'call.withdrawn': withdrawn } =
    callServiceFindings
  const url = 'https://rtc.example.com'
  t.equal(unreachable.what({ url, status: 502, failure: undefined }),
    'https://rtc.example.com/healthz returns status 502.')
  t.equal(unreachable.what({ url, status: undefined, failure: undefined }),
    'There is no response from https://rtc.example.com.')
  t.match(unreachable.what({ url, status: undefined, failure: refused }), /no response from .*refused/)
  t.match(unreachable.fix({ url, status: undefined, failure: refused }), /lk-jwt-service is running/)
  t.match(unreachable.fix({ url, status: undefined, failure: unroutable }), /outside this network/)
  t.equal(preflight.what({ url, status: undefined, fault: undefined }),
    'There is no response to OPTIONS https://rtc.example.com/sfu/get.')
  t.match(preflight.what({ url, status: 405, fault: undefined }), /returns status 405/)
  const fault = { header: 'Access-Control-Allow-Origin', value: undefined, wanted: 'every site' }
  t.equal(preflight.what({ url, status: 204, fault }),
    'The response to OPTIONS https://rtc.example.com/sfu/get has no Access-Control-Allow-Origin, ' +
      "which doesn't allow every site, so browsers send no request.")
  t.equal(withdrawn.what({ url }), 'The livekit_service_url is https://rtc.example.com.')
})

t.test('a certificate that has expired', async t => {
  const { what, fix } = certificateFindings['certificate.expired']
  const name = 'matrix.example.com'
  const validTo = new Date('2026-01-31')
  t.equal(what({ name, intermediate: undefined, validTo }),
    'The certificate for matrix.example.com expired on 2026-01-31.')
  t.equal(what({ name, intermediate: 'R11', validTo }), 'The intermediate certificate of R11 expired on 2026-01-31.')
  t.match(fix({ intermediate: undefined }), /Renew it/)
  t.match(fix({ intermediate: 'R11' }), /Serve the chain/)
})

t.test('a certificate that is for other names, or not trusted', async t => {
  const expectedName = 'example.com'
  const names = ['a.example', 'b.example', 'c.example', 'd.example']
  const parts = { names, expectedName, isInUrl: false, stray: undefined }
  const address = { ...parts, expectedName: '192.0.2.1' }
  const { 'certificate.name': name, 'certificate.srv-target': target } = certificateFindings
  t.equal(name.what({ ...parts, names: [] }), 'The certificate is for no name, not for example.com.')
  t.equal(name.what(parts), 'The certificate is for a.example, b.example, c.example and 1 more, not for example.com.')
  t.match(name.fix(parts), /for example\.com/)
  t.match(name.fix({ ...parts, stray: '192.0.2.9' }), /meant, remove the address 192\.0\.2\.9 from DNS\.$/)
  t.match(name.fix(address), /^Set m\.server to the name a\.example instead of the ad/)
  t.match(name.fix({ ...address, isInUrl: true }), /^Write the name a\.example instead of the address in the URL, or /)
  t.match(name.fix({ ...address, names: ['*.a.example'] }), /^Get a certificate for 192\.0\.2\.1, /)
  t.match(target.what({ ...parts, names: ['a.example'] }), /for a\.example, the target of the SRV record/)
  t.match(target.fix({ ...parts, srvTarget: 'a.example' }), /a\.example:443/)
  t.match(certificateFindings['certificate.self-signed'].what({ name: 'localhost' }), /localhost is self-signed/)
  t.match(certificateFindings['certificate.incomplete'].what({ issuer: 'R11' }), /signed by R11/)
  t.match(certificateFindings['certificate.untrusted'].what({ issuer: 'R11', code: 'X' }), /R11 is unknown here \(X\)/)
})

t.test("a certificate that isn't valid yet, or not for long", async t => {
  const { 'certificate.not-yet-valid': early, 'certificate.expires-soon': late } = certificateFindings
  const validTo = new Date('2026-01-31')
  t.match(early.what({ name: 'example.com', validFrom: validTo }), /valid from 2026-01-31T/)
  t.match(late.what({ days: 0, validTo }), /in less than a day, on 2026-01-31/)
  t.match(late.what({ days: 1, validTo }), /in 1 day,/)
  t.match(late.what({ days: 5, validTo }), /in 5 days,/)
})

t.test('a path that a proxy has changed', async t => {
  const { what, fix } = changedPathFindings['document.path-changed']
  const sent = '/.well-known/matrix/client'
  t.match(what({ sent, arrived: '/client' }), /removes "\/\.well-known\/matrix" from the path/)
  t.match(what({ sent, arrived: `/x${sent}` }), /adds "\/x" in front of the path/)
  t.match(what({ sent, arrived: `${sent}/x` }), /adds "\/x" to the end of the path/)
  t.match(what({ sent, arrived: '/x' }), /arrived at the sidecar as "\/x"/)
  t.match(fix({ sent, arrived: '/client' }), /StripPrefix/)
  t.match(fix({ sent, arrived: '/x' }), /without a path/)
})

t.test('CORS headers that are missing, doubled or for another site', async t => {
  const { 'cors.missing': missing, 'cors.doubled': doubled, 'cors.preflight': preflight } = corsFindings
  t.match(missing.what({ value: undefined, status: 200, sender: 'documents' }), /no Access-Control-Allow-Origin/)
  const other = { value: 'https://a.example', status: 200, sender: 'documents' } as const
  t.match(missing.what(other), /is https:.*, which allows only that/)
  t.match(missing.what({ value: undefined, status: 401, sender: 'homeserver' }), /in the response with status 401\.$/)
  t.match(missing.fix({ value: undefined, status: 200, sender: 'documents' }), /sidecar/)
  t.match(missing.fix({ value: undefined, status: 200, sender: 'homeserver' }), /The homeserver sends this header/)
  t.match(doubled.what({ values: ['*', '*'], sender: 'documents' }), /sent 2 times: \* and \*/)
  t.match(doubled.what({ values: ['*, *'], sender: 'documents' }), /has two values: \*, \*/)
  t.match(doubled.fix({ values: [], sender: 'documents' }), /headers of the sidecar/)
  t.match(doubled.fix({ values: [], sender: 'homeserver' }), /in front of the homeserver/)
  t.match(preflight.what({ status: undefined, missing: undefined }), /no response to OPTIONS/)
  t.match(preflight.what({ status: 405, missing: undefined }), /OPTIONS returns status 405/)
  const refused = { header: 'Access-Control-Allow-Headers', value: 'content-type', wanted: 'authorization' }
  t.equal(preflight.what({ status: 204, missing: refused }),
    "The response to OPTIONS has Access-Control-Allow-Headers: content-type, which doesn't allow authorization, so " +
    'browsers send no request.')
  t.match(preflight.what({ status: 204, missing: { ...refused, value: undefined } }), /has no Access-Control-Allow-H/)
  t.match(corsFindings['cors.not-found'].what({ paths: ['/a', '/b'] }), /: \/a, \/b\.$/)
  t.match(corsFindings['cors.redirect'].what({ url: 'https://a.example' }), /redirect from https:\/\/a\.example/)
})

t.test('a document with an unusual status, or cut off', async t => {
  const { 'document.status': status, 'document.broken-off': brokenOff } = documentFindings
  t.match(status.what({ status: 410 }), /gone for good/)
  t.equal(status.what({ status: 502 }), 'It returns status 502.')
  t.match(status.fix({ status: 502 }), /sidecar is running/)
  t.match(status.fix({ status: 410 }), /return 410/)
  t.match(status.fix({ status: 204 }), /respond with 200/)
  t.match(status.fix({ status: 429 }), /rate limits/)
  t.equal(status.what({ status: 521 }), 'It returns status 521: the server behind Cloudflare refuses connections.')
  t.match(status.fix({ status: 521 }), /^Start that server/)
  t.match(brokenOff.what({ bytes: 1, failure: { kind: 'timeout', message: 'timeout' } }), /in time; 1 byte/)
  t.match(brokenOff.what({ bytes: 1, failure: { kind: 'reset', message: 'ECONNRESET' } }), /cut off .*ECONNRESET/)
})

t.test("a homeserver that other servers don't reach", async t => {
  const { what, fix, example } = federationFindings['federation.unreachable']
  const elsewhere = { host: 'matrix.example.com', apex: 'example.com' }
  const isUnroutable = { ...example, failures: [{ place: '192.0.2.1', failure: unroutable }] }
  t.match(what(isUnroutable), /isn't reachable from here/)
  t.match(what({ ...example, failures: [...example.failures, ...example.failures] }), /from any of its 2 addresses\. /)
  t.match(what({ ...example, elsewhere }), /but https:\/\/example\.com doesn't/)
  t.match(fix(isUnroutable), /outside this network/)
  t.match(fix({ ...example, elsewhere }), /Serve the same on example\.com/)
  t.match(fix(example), /such as M_SERVER=matrix\.example\.com:443, .*; or open port 8448/)
  t.match(fix({ ...example, host: 'matrix.example.com' }), /serve \{.*\}.*open port 8448/)
  t.match(fix({ ...example, isDefaultPort: false }), /listen on port 8448/)
  const known = 'chat.example.com:443'
  t.match(fix({ ...example, known }), /such as M_SERVER=chat\.example\.com:443, .*; or open port 8448/)
  t.equal(fix({ ...example, host: 'matrix.example.com', known }),
    'The homeserver responds at chat.example.com:443: set M_SERVER=chat.example.com:443, or serve ' +
      '{"m.server":"chat.example.com:443"} at https://example.com/.well-known/matrix/server.')
  const version = federationFindings['federation.version']
  t.match(version.what({ status: 200, incomplete: undefined }), /without the name and version/)
  t.match(version.fix({ status: 404, incomplete: undefined }), /Pass \/_matrix on/)
})

t.test("an identity server that doesn't work", async t => {
  const { what, fix } = identityServerFindings['client.identity-server']
  const url = 'https://id.example'
  t.match(what({ url, fault: 'address', host: 'id.example' }), /id\.example has no address/)
  t.match(what({ url, fault: 'certificate' }), /isn't trusted/)
  t.match(what({ url, fault: 'cors' }), /no CORS headers/)
  t.match(what({ url, fault: 'status', status: 404 }), /returns status 404/)
  t.match(what({ url, fault: 'silent', failure: refused }), /no response .*refused/)
  t.match(fix({ url, fault: 'silent', failure: unroutable }), /outside this network/)
  t.match(fix({ url, fault: 'silent', failure: refused }), /or leave out that key/)
  t.match(fix({ url, fault: 'silent', failure: undefined }), /or leave out that key/)
  t.match(fix({ url, fault: 'cors' }), /or leave out that key/)
})

t.test('a response that is incomplete or not of a homeserver', async t => {
  t.equal(describeBadResponse('/x', { status: 200, incomplete: 'too-long' }, ''),
    '/x returns status 200, but the response is longer than 131,072 bytes.')
  t.match(describeBadResponse('/x', { status: 200, incomplete: 'timeout' }, ''), /isn't complete in time/)
  t.match(describeBadResponse('/x', { status: 200, incomplete: { bytes: 7 } }, ''), /breaks off after 7 bytes/)
  t.equal(describeBadResponse('/x', { status: 404, incomplete: undefined }, ''), '/x returns status 404.')
  t.equal(describeBadResponse('/x', { status: 200, incomplete: undefined }, 'empty'),
    '/x returns status 200, but empty.')
  t.equal(fixBadResponse({ status: 200, incomplete: 'timeout' }, 'client', 'otherwise'), checkTheWay)
  t.match(fixBadResponse({ status: 502, incomplete: undefined }, 'client', 'otherwise'), /homeserver is running/)
  const fix = (errcode: string): string =>
    fixBadResponse({ status: 404, incomplete: undefined, errcode }, 'client', 'otherwise')
  t.match(fix('M_UNRECOGNIZED'), /In Synapse, add "client" to the listener/)
  t.equal(fix('M_NOT_FOUND'), 'otherwise')
  t.match(describeBadResponse('/x', { status: 200, incomplete: 'encoding' }, ''), /isn't compressed as its Content-Enc/)
  t.match(fixBadResponse({ status: 200, incomplete: 'encoding' }, 'client', ''), /^Remove the Content-Encoding header/)
  t.match(fixBadResponse({ status: 522, incomplete: undefined }, 'client', ''), /addresses through its firewall/)
})

t.test('a redirect of requests for the homeserver', async t => {
  const path = '/_matrix/client/versions'
  const redirect = (location: string): BadResponse => ({ status: 301, incomplete: undefined, location })
  t.equal(describeBadResponse(path, redirect('https://a.example'), ''),
    '/_matrix/client/versions returns status 301, a redirect to "https://a.example".')
  const cases: ReadonlyArray<readonly [location: string, client: RegExp, federation: RegExp]> = [
    ['https://a.example/_matrix/x', /, or set M_H.*_URL=https:\/\/a\.example\.$/, /M_SERVER=a\.example:443\.$/],
    ['https://a.example:8448/_matrix/x', /_URL=https:\/\/a\.example:8448\.$/, /M_SERVER=a\.example:8448\.$/],
    ['https://a.example/login', /without a redirect\.$/, /without a redirect\.$/],
    ['http://a.example/_matrix/x', /without a redirect\.$/, /without a redirect\.$/],
    ['/login', /without a redirect\.$/, /without a redirect\.$/]
  ]
  for (const [location, client, federation] of cases) {
    t.match(fixBadResponse(redirect(location), 'client', ''), client, location)
    t.match(fixBadResponse(redirect(location), 'federation', ''), federation, location)
  }
})

t.test('a proxy that keeps requests from the homeserver', async t => {
  const { 'homeserver.down': down, 'homeserver.blocked': blocked } = gatewayFindings
  t.match(down.what({ status: 525 }), /for \/_matrix: the TLS handshake between Cloudflare and the server behind /)
  t.match(down.fix({ status: 525 }), /^Enable TLS on port 443 of that server/)
  t.match(down.fix({ status: 504 }), /homeserver is running/)
  t.equal(blocked.what({ status: 403, isChallenge: false }), 'The proxy returns status 403 for /_matrix.')
  t.match(blocked.what({ status: 403, isChallenge: true }), /whether its reader is a person/)
  t.match(blocked.fix({ isChallenge: false }), /the rule that forbids it/)
  t.match(blocked.fix({ isChallenge: true }), /bot protection/)
})

t.test('what is left to install', async t => {
  const { what, fix, example } = installationFindings['discovery.not-delegated']
  t.match(what(example), /responds at matrix\.example\.com:443/)
  t.match(fix(example), /M_HOMESERVER_BASE_URL=https:\/\/matrix\.example\.com, and route/)
  t.match(what({ ...example, deadEnd: 'https://www.example.com/' }), /redirected to .*, which returns status 404\.$/)
  t.match(fix({ ...example, deadEnd: 'https://www.example.com/' }), /to the sidecar, without a redirect\.$/)
  t.match(fix({ ...example, port: 8448 }), /M_HOMESERVER_BASE_URL=https:\/\/matrix\.example\.com:8448, and route/)
  t.match(fix({ ...example, isConfigured: true }), /^Route .* to the sidecar\.$/)
  t.match(what({ ...example, isSilent: true }), /there is no response from https:\/\/example\.com\.$/)
  t.match(fix({ ...example, isSilent: true }), /^Set M_SERVER=.*, and configure a web server .* to the sidecar\.$/)
  t.match(fix({ ...example, isConfigured: true, isSilent: true }), /^Configure a web server .* to the sidecar\.$/)
  const isHost = installationFindings['discovery.is-a-host']
  t.match(isHost.what(isHost.example), /its server name is "example\.com"/)
  t.equal(isHost.fix(isHost.example), 'Check example.com instead.')
})

t.test('a response that differs from the settings is described by where it is from', async t => {
  const { what, fix } = intentFindings['intent.differs']
  const difference = { key: 'm.server', is: 'a', should: 'b', more: 0 }
  const cases: ReadonlyArray<readonly [responder: Responder, what: RegExp, fix: RegExp]> = [
    [{ kind: 'cache', server: undefined }, /is from a cache\.$/, /Purge/],
    [{ kind: 'cache', server: 'nginx' }, /is from a cache of "nginx"\.$/, /Purge/],
    [{ kind: 'file', server: undefined }, /is from a file\.$/, /Delete/],
    [{ kind: 'sidecar', server: undefined }, /is from a sidecar \(this one or another\)\.$/, /Restart/],
    [{ kind: 'other', server: undefined }, /is from another server\.$/, /Restart/],
    [{ kind: 'other', server: 'nginx' }, /is from another server \("nginx"\)\.$/, /Restart/]
  ]
  for (const [responder, text, hint] of cases) {
    t.match(what({ responder, ...difference }), text)
    t.match(fix({ responder }), hint)
  }
  const responder: Responder = { kind: 'other', server: undefined }
  t.match(what({ responder, ...difference, is: undefined, more: 2 }), /"m\.server" is missing, .*"b" \(and 2 more\)\./)
  t.match(what({ responder, ...difference, should: undefined }), /is "a", but shouldn't be there\./)
})

t.test('a document that is missing, not configured, or with other headers', async t => {
  const responder: Responder = { kind: 'other', server: undefined }
  const { 'intent.missing': missing, 'intent.unexpected': unexpected, 'intent.headers': headers } = intentFindings
  const [deadEnd, elsewhere] = [undefined, 'https://www.example.com/']
  t.match(missing.what({ responder, deadEnd }), /but another server returns status 404/)
  t.match(missing.what({ responder, deadEnd: elsewhere }),
    /but redirected to https:\/\/www\.example\.com\/, where another server returns status 404/)
  t.match(missing.fix({ responder, deadEnd }), /^Configure the proxy to pass/)
  t.match(missing.fix({ responder, deadEnd: elsewhere }), /^Exclude .* from redirects/)
  t.match(missing.fix({ responder: { kind: 'sidecar', server: undefined }, deadEnd }), /^Restart/)
  t.match(unexpected.what({ responder, content: { a: 1 } }), /another server serves \{"a":1\}/)
  t.match(headers.what({ is: '', should: 'max-age=60' }), /missing, but should be "max-age=60"/)
  t.match(headers.what({ is: 'no-store', should: 'max-age=60' }), /is "no-store", but should be "max-age=60"/)
})

t.test("a document that isn't a JSON object", async t => {
  const { what, fix } = jsonFindings['document.json']
  const at = { line: 3, column: 1, found: '"b"' }
  const begins = '{'
  const empty = { fault: 'empty', syntax: undefined, begins: '' } as const
  t.equal(what(empty), 'The response is empty.')
  t.match(fix(empty), /Caddy/)
  const object = { fault: 'object', syntax: undefined } as const
  t.match(what({ ...object, begins: '[{}]' }), /a list instead of an object/)
  t.match(what({ ...object, begins: '"{}"' }), /a string instead of an object/)
  t.match(what({ ...object, begins: 'null' }), /"null" instead of an object/)
  t.match(fix({ ...object, begins }), /Serve only the object/)
  const json = { fault: 'json', begins } as const
  t.equal(what({ ...json, syntax: undefined }), "The response isn't JSON: it is damaged.")
  t.match(what({ ...json, syntax: { ...at, cause: undefined } }), /: unexpected "b" in line 3, column 1\.$/)
  t.match(what({ ...json, syntax: { ...at, cause: 'missing comma' } }), /: missing comma before "b" in line 3, /)
  t.match(what({ ...json, syntax: { ...at, found: 'b', cause: 'missing quotes' } }), /: missing quotes around "b" in /)
  t.match(what({ ...json, syntax: { ...at, cause: 'comment' } }), /comment in line 3, column 1/)
  t.match(what({ ...json, syntax: { ...at, cause: 'end' } }), /ends too early, in line 3, column 1/)
  t.match(fix({ ...json, syntax: undefined }), /let the sidecar serve the document/)
  t.match(fix({ ...json, syntax: { ...at, cause: undefined } }), /let the sidecar serve the document/)
  t.match(fix({ ...json, syntax: { ...at, cause: 'single quotes' } }), /double quotes/)
  const text = { fault: 'json', syntax: { ...at, cause: undefined }, begins: '404 page not found' } as const
  t.equal(what(text), 'The response isn\'t JSON: it begins with "404 page not found".')
  t.match(fix(text), /pass \/\.well-known\/matrix\/ on to the sidecar/)
  t.match(jsonFindings['document.depth'].what({ levels: 1200 }), /1,200 levels/)
})

t.test('a document without a response, or with one that forbids it', async t => {
  const { fix, example } = hostFindings['document.unreachable']
  const path = '/.well-known/matrix/client'
  const at = (failure: Failure): HostParts => ({ ...example, path, failures: [{ place: '192.0.2.1', failure }] })
  t.match(fix(at({ kind: 'timeout', phase: 'response', message: 'timeout' })), /the service there is hanging\.$/)
  t.match(fix(at({ kind: 'not-http', phase: 'response', message: 'HPE_CR_EXPECTED' })), /log of the service there\.$/)
  const forbidden = accessFindings['document.forbidden']
  t.match(forbidden.fix({ status: 401 }), /password protection/)
  t.match(forbidden.fix({ status: 403 }), /paths that begin with a dot/)
})
