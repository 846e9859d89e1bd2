import t from 'tap'
import { checkServer } from '../../src/check/check.ts'
import { redirect } from '../support/responses.ts'
import { checkWorld } from '../support/check-world.ts'
import { startHealthyWorld } from '../support/healthy-world.ts'
import type { Changes } from '../support/healthy-world.ts'

t.test('--public-only does not connect to a server name that is a private address', async t => {
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

const inside = { 'inside.example.com': { A: ['192.168.1.9'], AAAA: ['::1'] } }

const ways: Readonly<Record<string, Changes>> = {
  'the address of the name': { records: { 'example.com': { A: ['127.0.0.2'] } } },
  'the address of the homeserver': { records: { 'matrix.example.com': { A: ['10.0.0.3'] } } },
  'a redirect': {
    site: { 'GET /.well-known/matrix/server': redirect('https://inside.example.com/x') },
    records: inside
  },
  'a redirect to an address': { site: { 'GET /.well-known/matrix/server': redirect('https://192.168.1.9/x') } },
  'a redirect to an address in IPv6': {
    site: { 'GET /.well-known/matrix/client': redirect('http://[::ffff:127.0.0.1]/x') }
  },
  'an SRV record': {
    site: { 'GET /.well-known/matrix/server': undefined },
    records: {
      ...inside,
      '_matrix-fed._tcp.example.com': { SRV: [{ priority: 1, weight: 1, port: 8448, target: 'inside.example.com' }] }
    }
  }
}

for (const [way, changes] of Object.entries(ways)) {
  t.test(`--public-only connects to nothing that is private: ${way}`, async t => {
    const world = await startHealthyWorld(t, changes)
    const addresses = new Set<string>()
    const connect: typeof world.connect = (address, port) => {
      addresses.add(address)
      return world.connect(address, port)
    }
    const report = await checkWorld({ ...world, connect }, { publicOnly: true, timeout: 2 })
    t.strictSame([...addresses].filter(address => !address.startsWith('45.')), [])
    t.ok(report.findings.some(({ what, fix }) => /--public-only/.test(what) && /leave out --public-only/.test(fix)))
  })
}
