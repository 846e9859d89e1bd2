import t from 'tap'
import { findPreflightFault, passesPreflight } from '../../../src/check/network/preflight.ts'
import type { Response } from '../../../src/check/network/peer.ts'

const [originHeader, headersHeader, methodsHeader] =
  ['Access-Control-Allow-Origin', 'Access-Control-Allow-Headers', 'Access-Control-Allow-Methods'] as const
const good: Headers = {
  [originHeader]: '*',
  [headersHeader]: 'Authorization, Content-Type',
  [methodsHeader]: 'GET, PUT'
}

type Headers = Readonly<Record<string, string>>

function respond (headers: Headers, status = 204): Response {
  const pairs = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  return { status, headers: pairs, body: Buffer.alloc(0), truncated: false }
}

t.test('a preflight passes if the response allows the request, and has a status that says so', async t => {
  t.ok(passesPreflight(respond(good), ['authorization', 'content-type'], 'put'))
  t.notOk(passesPreflight(respond(good, 405), ['authorization'], 'put'))
  t.equal(findPreflightFault(respond({}, 405), ['authorization'], 'put'), undefined, 'then the status is what is wrong')
})

t.test("says which header doesn't allow what", async t => {
  const { [headersHeader]: _headers, ...withoutHeaders } = good
  const cases: ReadonlyArray<readonly [headers: Headers, header: string, value: string | undefined, wanted: string]> = [
    [{ ...good, [originHeader]: 'https://a.example' }, originHeader, 'https://a.example', 'every site'],
    [withoutHeaders, headersHeader, undefined, 'authorization'],
    [{ ...good, [headersHeader]: '*' }, headersHeader, '*', 'authorization'],
    [{ ...good, [headersHeader]: 'Authorization' }, headersHeader, 'Authorization', 'content-type'],
    [{ ...good, [methodsHeader]: 'GET, POST' }, methodsHeader, 'GET, POST', 'PUT']
  ]
  for (const [headers, header, value, wanted] of cases) {
    const fault = findPreflightFault(respond(headers), ['authorization', 'content-type'], 'put')
    t.strictSame(fault, { header, value, wanted })
  }
  for (const methods of ['*', '']) {
    t.equal(findPreflightFault(respond({ ...good, [methodsHeader]: methods }), [], 'post'), undefined)
  }
  t.equal(findPreflightFault(respond({ ...good, [methodsHeader]: '*' }), [], 'put'), undefined)
})
