import t from 'tap'
import { checkServer } from '../../../src/check/check.ts'
import type { CheckOptions } from '../../../src/check/check.ts'
import { findOptionFault } from '../../../src/check/network/option-faults.ts'
import { sharedAuthority } from '../../support/certificates.ts'

/** Options as JavaScript may pass them, and the start of the message about them. */
const cases: [options: string, message: string][] = [
  ['{"family":5}', 'family is 5; use 4 or 6'],
  ['{"family":"4"}', 'family is "4"; use 4 or 6'],
  ['{"resolve":"a.example:443:192.0.2.1"}', 'resolve is "a.example:443:192.0.2.1"; use a list with IP addresses'],
  ['{"resolve":["example.com:443:192.0.2.1"]}', 'resolve is '],
  ['{"resolve":[null]}', 'resolve is '],
  ['{"resolve":[{"host":1,"port":443,"address":"192.0.2.1"}]}', 'resolve is '],
  ['{"resolve":[{"host":"a.example","port":"443","address":"192.0.2.1"}]}', 'resolve is '],
  ['{"resolve":[{"host":"a.example","port":-1,"address":"192.0.2.1"}]}', 'resolve is '],
  ['{"resolve":[{"host":"a.example","port":443,"address":"192.0.2.1","toPort":65536}]}', 'resolve is '],
  ['{"resolve":[{"host":"a.example","port":443,"address":4}]}', 'resolve is '],
  ['{"resolve":[{"host":"a.example","port":443,"address":"b.example"}]}', 'resolve is '],
  ['{"ca":"ca.pem"}', "ca isn't a list of certificates in PEM format; use for example [readFileSync("],
  ['{"ca":["ca.pem"]}', "ca isn't a list of certificates in PEM format"],
  ['{"ca":[{}]}', "ca isn't a list of certificates in PEM format"]
]

t.test('options of the wrong type reject the check, and say what to use', async t => {
  for (const [json, message] of cases) {
    const options = JSON.parse(json) as CheckOptions
    await t.rejects(checkServer('a.example', { dns: '127.0.0.1:1', ...options }), { name: 'TypeError', message }, json)
  }
})

t.test('options of the right type are fine', t => {
  const at = { host: 'a.example', port: 443, address: '2001:db8::1' }
  const ca = [sharedAuthority().certificate]
  const resolve = [at, { ...at, toPort: 8443 }, { ...at, toPort: undefined }]
  const right: CheckOptions[] = [{}, { family: 4 }, { family: 6 }, { resolve }, { ca }]
  for (const options of right) t.equal(findOptionFault(options), undefined)
  t.end()
})
