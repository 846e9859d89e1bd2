import t from 'tap'
import { isPrivateAddress } from '../../src/matrix/private-address.ts'

t.test("recognizes the addresses that can't be reached from outside", async t => {
  const inside = [
    '0.0.0.0', '10.0.0.1', '10.1.2.3', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.255.255.254', '169.254.1.1',
    '172.16.0.1', '172.31.255.255', '192.0.2.1', '192.168.1.10', '224.0.0.1', '255.255.255.255',
    '::', '::1', '2001:db8::1', 'fc00::1', 'fd00::1', 'FD12::1', 'fe80::1', 'febf::1', 'fec0::1', 'ff02::1',
    '::ffff:10.0.0.1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:c0a8:1'
  ]
  for (const address of inside) t.ok(isPrivateAddress(address), address)
  const outside = [
    '1.1.1.1', '9.255.255.255', '11.0.0.0', '11.0.0.1', '100.63.255.255', '100.128.0.0', '172.15.0.1',
    '172.15.255.255', '172.32.0.0', '172.32.0.1', '192.167.0.1', '192.169.0.1', '223.255.255.255',
    '::2', '2606:4700:4700::1111', '::ffff:1.1.1.1', 'fb00::1', 'fc::1'
  ]
  for (const address of outside) t.notOk(isPrivateAddress(address), address)
})
