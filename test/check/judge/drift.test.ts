import t from 'tap'
import { driftFindings } from '../../../src/check/judge/drift.ts'

t.test('of thousands of keys that differ, some are listed and the others counted', async t => {
  const differences = Array.from({ length: 16_000 }, (_, i) => ({ key: `k${i}`, where: 'there' as const }))
  t.equal(driftFindings['client.drift'].what({ host: 'matrix.example.com', differences }),
    'matrix.example.com serves a different /client: "k0" only there, "k1" only there, "k2" only there, ' +
    '"k3" only there, "k4" only there and 15995 more.')
})
