import { isIP, isIPv4, isIPv6 } from 'node:net'
import fc from 'fast-check'
import t from 'tap'
import { ipVersion, isIpv4, isIpv6 } from '../../src/matrix/ip-address.ts'

const partsOfIpv6 = fc.constantFrom('', '0', '00', '1', 'ffff', '10000', 'G', '1.2.3.4', '1.2.3', '01.2.3.4')
const partsOfIpv4 = fc.constantFrom('0', '00', '1', '09', '255', '256', '0x1', '1e1', '')

/** Text that looks like an address: valid, almost valid, and in notations that only some parsers accept. */
const almostAddress = fc.oneof(
  fc.ipV4(), fc.ipV4Extended(), fc.ipV6(),
  fc.string({ unit: fc.constantFrom(...'0123456789.'), maxLength: 18 }),
  fc.string({ unit: fc.constantFrom(...'0019afAFg:::.%x[]/@# '), maxLength: 48 }),
  fc.array(partsOfIpv6, { maxLength: 10 }).map(parts => parts.join(':')),
  fc.array(partsOfIpv4, { maxLength: 6 }).map(parts => parts.join('.')),
  fc.tuple(fc.ipV6(), fc.nat(40), fc.constantFrom(':', '.', '0', 'a', '::', ''))
    .map(([text, at, more]) => text.slice(0, at) + more + text.slice(at + 1)),
  fc.string({ maxLength: 20 })
)

t.test('agrees with node:net on every text without a zone', async t => {
  t.doesNotThrow(() => fc.assert(fc.property(almostAddress, text => {
    fc.pre(!text.includes('%'))
    return isIpv4(text) === isIPv4(text) && isIpv6(text) === isIPv6(text) && ipVersion(text) === isIP(text)
  }), { numRuns: 20_000 }))
})

t.test('rejects a zone, which is only valid on one machine', async t => {
  t.equal(ipVersion('fe80::1%eth0'), 0)
})
