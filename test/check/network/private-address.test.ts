import t from 'tap'
import { checkServer } from '../../../src/check/check.ts'
import { isPrivateAddress } from '../../../src/check/network/private-address.ts'

t.test('knows the addresses that nobody outside can reach', async t => {
  const inside = [
    '127.0.0.1', '127.255.255.254', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.10', '169.254.1.1', '100.64.0.1',
    '0.0.0.0', '192.0.2.1', '224.0.0.1', '255.255.255.255', '::', '::1', 'fe80::1', 'fd00::1', 'fc00::1', '2001:db8::1',
    'ff02::1', '::ffff:10.0.0.1', '::ffff:127.0.0.1', '::ffff:c0a8:1'
  ]
  for (const address of inside) t.ok(isPrivateAddress(address), address)
  const outside = [
    '1.1.1.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '172.15.255.255', '172.32.0.0', '192.167.0.1',
    '223.255.255.255', '2606:4700:4700::1111', '::ffff:1.1.1.1', 'fb00::1'
  ]
  for (const address of outside) t.notOk(isPrivateAddress(address), address)
})

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
