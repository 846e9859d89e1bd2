import t from 'tap'
import { areUnroutable, listFailures } from '../../../src/check/judge/failed-places.ts'
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

t.test('several places are unroutable if each of them is', async t => {
  const place = '192.0.2.1'
  t.ok(areUnroutable([{ place, failure }]))
  t.notOk(areUnroutable([{ place, failure }, { place, failure: { ...failure, kind: 'refused' } }]))
  t.notOk(areUnroutable([]))
})
