import t from 'tap'
import { areUntried, explainUntried, fixUntried, listFailures } from '../../../src/check/judge/failed-places.ts'
import type { FailedPlace } from '../../../src/check/judge/failed-places.ts'
import type { Failure } from '../../../src/check/network/peer.ts'

const request = { method: 'GET', target: '/', headers: {} } as const
const at = { request, url: '', address: '192.0.2.1', port: 443, tls: undefined, milliseconds: 0 }
const failure: Failure = { kind: 'unroutable', phase: 'connect', message: 'connect ENETUNREACH' }
const cutOff = { status: 200, headers: [], body: Buffer.from('{'), truncated: false }

t.test('lists only what got no response at all', async t => {
  const silent = { ...at, failure, response: undefined }
  t.strictSame(listFailures([silent, { ...at, failure, response: cutOff }]), [{ place: '192.0.2.1', failure }])
  t.strictSame(listFailures([{ ...at, failure: undefined, response: cutOff }]), [])
  t.strictSame(listFailures([silent], 'matrix.example.com'), [{ place: 'matrix.example.com', failure }])
})

t.test('several places are untried if each of them is', async t => {
  const place = '192.0.2.1'
  t.ok(areUntried([{ place, failure }]))
  t.notOk(areUntried([{ place, failure }, { place, failure: { ...failure, kind: 'refused' } }]))
  t.notOk(areUntried([]))
})

t.test('an address that --public-only refuses is untried for another reason', async t => {
  const route = { place: '192.0.2.1', failure }
  const refused: FailedPlace = { place: '10.0.0.1', failure: { ...failure, kind: 'not-public' } }
  t.ok(areUntried([route, refused]))
  t.equal(explainUntried([route], 'example.com'), 'there is no route to example.com from this machine')
  t.equal(explainUntried([route, refused], 'example.com'), '--public-only refuses to connect to example.com')
  t.match(fixUntried([route]), /from a machine on the internet/)
  t.match(fixUntried([route, refused]), /leave out --public-only/)
})
