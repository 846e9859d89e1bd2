import t from 'tap'
import { checkServer } from '../../src/check/check.ts'
import { checkWorld } from '../support/check-world.ts'
import { startHealthyWorld } from '../support/healthy-world.ts'

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
  const unreachable = findings.find(({ id }) => id === 'federation.unreachable')
  t.match(unreachable?.what, /--public-only refuses to connect to it/)
  t.equal(unreachable?.fix, 'Use a public address. To check this one, leave out --public-only.')
  t.notOk(JSON.stringify(findings).includes('on the internet'), 'which would find no more')
})

t.test('--public-only says of which address it knows nothing', async t => {
  const world = await startHealthyWorld(t, { records: { 'matrix.example.com': { A: ['45.0.0.3', '10.0.0.3'] } } })
  const { findings, federation } = await checkWorld(world, { publicOnly: true })
  t.match(findings.filter(({ about }) => about.address === '10.0.0.3'), [{
    id: 'address.not-public', fix: /leave out --public-only/
  }])
  t.match(federation?.addresses.find(({ address }) => address === '10.0.0.3'), { failure: 'not-public' })
})
