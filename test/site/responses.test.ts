import t from 'tap'
import { respond } from '../../src/site/responses.ts'
import type { Request, Response } from '../../src/site/responses.ts'
import type { Site } from '../../src/site/site.ts'
import { emptySite } from '../support/empty-site.ts'

const site: Site = {
  ...emptySite,
  delegatedServer: 'matrix.example.com:443',
  extraDocuments: { mautrix: { 'fi.mau.bridges': ['https://bridge.example.com'] } },
  cacheMaxAge: 60
}
const server = '/.well-known/matrix/server'

function request (method: string, path: string, headers: Request['headers'] = {}): Response {
  return respond(site, { method, path, headers })
}

t.test('a document is a 200 with CORS, caching and an ETag', async t => {
  const { status, headers, body } = request('GET', server)
  t.equal(status, 200)
  t.equal(body, '{"m.server":"matrix.example.com:443"}')
  t.match(headers, {
    'access-control-allow-origin': '*',
    'cache-control': 'public, max-age=60',
    'content-length': '37',
    'content-type': 'application/json',
    etag: /^"[0-9a-f]{16}"$/
  })
  t.strictSame(request('HEAD', server), { status, headers, body: '' })
  for (const path of [`${server}?a=b`, '/.well-known/matrix/serve%72', `${server}#x`]) {
    t.strictSame(request('GET', path), { status, headers, body }, path)
  }
  t.equal(request('GET', '/.well-known/matrix/mautrix').body, '{"fi.mau.bridges":["https://bridge.example.com"]}')
})

t.test('everything else says what is wrong, with CORS', async t => {
  const cases: [method: string, path: string, status: number, body: string | RegExp, allow: string | undefined][] = [
    ['GET', '/.well-known/matrix/client', 404, /M_NOT_FOUND.*client is not configured/, undefined],
    ['GET', '/server', 404, /M_UNRECOGNIZED.*No such path: \/server\. /, undefined],
    ['HEAD', '/server', 404, '', undefined],
    ['GET', '/%zz?secret', 404, /No such path: \/%zz\. /, undefined],
    ['POST', server, 405, /M_UNRECOGNIZED/, 'GET, HEAD, OPTIONS'],
    ['PROPFIND', '/.well-known/matrix/client', 405, /M_UNRECOGNIZED/, 'GET, HEAD, OPTIONS'],
    ['OPTIONS', server, 204, '', 'GET, HEAD, OPTIONS'],
    ['OPTIONS', '/.well-known/matrix/client', 204, '', 'GET, HEAD, OPTIONS'],
    ['OPTIONS', '/nothing', 204, '', undefined]
  ]
  for (const [method, path, status, body, allow] of cases) {
    const response = request(method, path)
    t.equal(response.status, status, `${method} ${path}`)
    t.equal(response.headers.allow, allow, 'Allow')
    t.equal(response.headers['access-control-allow-origin'], '*')
    t.equal(response.headers['cache-control'], status === 204 ? undefined : 'no-store')
    if (typeof body === 'string') t.equal(response.body, body)
    else t.match(response.body, body)
  }
})

t.test('If-Match and If-None-Match', async t => {
  const etag = String(request('GET', server).headers.etag)
  const cases: [headers: Request['headers'], status: number][] = [
    [{ 'if-none-match': etag }, 304],
    [{ 'if-none-match': `W/${etag}` }, 304],
    [{ 'if-none-match': ['"a,b"', etag] }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"other"' }, 200],
    [{ 'if-match': etag }, 200],
    [{ 'if-match': '*' }, 200],
    [{ 'if-match': '"other"' }, 412],
    // The comparison is strong: https://www.rfc-editor.org/rfc/rfc9110.html#section-13.1.1
    [{ 'if-match': `W/${etag}` }, 412],
    [{ 'if-match': etag, 'if-none-match': etag }, 304],
    [{ 'if-match': '"other"', 'if-none-match': etag }, 412]
  ]
  for (const [headers, status] of cases) {
    t.equal(request('GET', server, headers).status, status, JSON.stringify(headers))
  }
  t.equal(request('GET', '/.well-known/matrix/client', { 'if-match': '"other"' }).status, 404)
})
