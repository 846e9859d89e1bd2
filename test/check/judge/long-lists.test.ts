import t from 'tap'
import { callFindings } from '../../../src/check/judge/calls.ts'
import { driftFindings } from '../../../src/check/judge/drift.ts'
import { homeserverFindings } from '../../../src/check/judge/homeserver.ts'
import { privateAddressFindings } from '../../../src/check/judge/private-addresses.ts'

t.test('of thousands of entries from a peer, some are listed and the others counted', async t => {
  const many = Array.from({ length: 16_000 }, (_, i) => `k${i}`)
  const host = 'matrix.example.com'
  const differences = many.map(key => ({ key, where: 'there' as const }))
  t.equal(driftFindings['client.drift'].what({ host, differences }),
    'matrix.example.com serves a different /client: "k0" only there, "k1" only there, "k2" only there, ' +
    '"k3" only there, "k4" only there and 15995 more.')
  t.equal(callFindings['client.rtc-differs'].what({ here: [], there: many }),
    '/client contains none, the homeserver k0, k1, k2, k3, k4 and 15995 more.')
  t.match(homeserverFindings['client.versions-old'].what({ versions: many }),
    /^The homeserver supports k0, .*, k19 and 15980 more\.$/)
  t.equal(privateAddressFindings['address.private'].what({ host, addresses: many, source: 'dns' }),
    'matrix.example.com has only private addresses in DNS: k0, k1, k2, k3, k4 and 15995 more.')
})
