import t from 'tap'
import { checkServer } from '../../src/check/check.ts'

t.test('--public-only connects to nothing that is private, whatever leads there', async t => {
  let connections = 0
  const { findings, verdict } = await checkServer('192.168.1.10:8448', {
    publicOnly: true,
    timeout: 1,
    connect: () => {
      connections++
      throw new Error('connected')
    }
  })
  t.equal(connections, 0)
  t.equal(verdict.federation, 'fails')
  t.ok(findings.some(({ what }) => what.includes('is not a public address (--public-only)')))
})
