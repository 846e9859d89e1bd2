import t from 'tap'
import { checkWorld } from '../../support/check-world.ts'
import { startHealthyWorld } from '../../support/healthy-world.ts'

t.test('the host of a homeserver, checked in place of its server name', async t => {
  const world = await startHealthyWorld(t)
  const { findings, verdict } = await checkWorld(world, { serverName: 'matrix.example.com' })
  t.match(findings, [{
    id: 'discovery.is-a-host',
    severity: 'failure',
    subject: 'matrix.example.com',
    what: 'matrix.example.com is the host of a homeserver; its server name is "example.com".',
    fix: 'Check example.com instead.'
  }])
  t.equal(findings.length, 1, 'what else is wrong with that name does not matter')
  t.equal(verdict.federation, 'fails')
})
