import t from 'tap'
import { parseNetworkOptions } from '../../src/commands/network-options.ts'
import type { NetworkValues } from '../../src/commands/network-options.ts'
import { sharedAuthority } from '../support/certificates.ts'

const defaults = {
  timeout: undefined,
  dns: undefined,
  resolve: undefined,
  family: undefined,
  ca: undefined,
  publicOnly: undefined
}

t.test('reads the options', async t => {
  const cases: [values: NetworkValues, expected: ReturnType<typeof parseNetworkOptions>][] = [
    [{}, {}],
    [{ timeout: '2.5' }, { timeout: 2.5 }],
    [{ 4: true }, { family: 4 }],
    [{ 6: true }, { family: 6 }],
    [{ 'public-only': true }, { publicOnly: true }],
    [{ dns: '192.0.2.53' }, { dns: '192.0.2.53:53' }],
    [{ dns: '2001:db8::53' }, { dns: '[2001:db8::53]:53' }],
    [{ dns: '[2001:db8::53]:5353' }, { dns: '[2001:db8::53]:5353' }],
    [{ resolve: ['Example.com:443:192.0.2.1', 'a.example:8448:::1'] }, {
      resolve: [
        { host: 'example.com', port: 443, address: '192.0.2.1', toPort: undefined },
        { host: 'a.example', port: 8448, address: '::1', toPort: undefined }
      ]
    }],
    [{ resolve: ['a.example:443:192.0.2.1,[2001:db8::1]:8443'] }, {
      resolve: [
        { host: 'a.example', port: 443, address: '192.0.2.1', toPort: undefined },
        { host: 'a.example', port: 443, address: '2001:db8::1', toPort: 8443 }
      ]
    }],
    [{ resolve: ['[::1]:443:[2001:db8::1]:8443'] }, {
      resolve: [{ host: '::1', port: 443, address: '2001:db8::1', toPort: 8443 }]
    }]
  ]
  for (const [values, expected] of cases) {
    t.strictSame(parseNetworkOptions(values), { ...defaults, ...expected }, JSON.stringify(values))
  }
})

t.test('a wrong value is reported with the fix', async t => {
  const seconds = 'use a number of seconds from 0.1 to 600'
  const address = 'use the IP address of a DNS server, for example 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353'
  const override = 'use HOST:PORT:ADDRESS, for example example.com:443:192.0.2.1 or example.com:443:[2001:db8::1]'
  const wrongOverrides = [
    'example.com',
    'example.com:443',
    'example.com:443:b.example',
    'example.com:0:192.0.2.1',
    'example.com:443:192.0.2.1:70000',
    'a_b:443:192.0.2.1',
    'example.com:443:010.0.0.1',
    'example.com:443:192.0.2.1,'
  ]
  const pem = 'use the path of a file with "-----BEGIN CERTIFICATE-----"'
  const cases: [values: NetworkValues, message: string][] = [
    [{ 4: true, 6: true }, "-4 and -6 can't be used together: use only one of them."],
    ...['', 'ten', '0', '601', 'Infinity']
      .map((timeout): [NetworkValues, string] => [{ timeout }, `--timeout is "${timeout}": ${seconds}`]),
    ...['dns.example', '192.0.2.53:0', '192.0.2.256', '010.0.0.1']
      .map((dns): [NetworkValues, string] => [{ dns }, `--dns is "${dns}": ${address}`]),
    ...wrongOverrides
      .map((resolve): [NetworkValues, string] => [{ resolve: [resolve] }, `--resolve is "${resolve}": ${override}`]),
    [{ ca: '/does/not/exist' }, `--ca is "/does/not/exist": no such file; ${pem}`],
    [{ ca: '/' }, `--ca is "/": not a regular file; ${pem}`],
    [{ ca: '/dev/null' }, `--ca is "/dev/null": not a regular file; ${pem}`]
  ]
  for (const [values, message] of cases) {
    t.throws(() => parseNetworkOptions(values), { code: 'ERR_USAGE', message }, JSON.stringify(values))
  }
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
  const dir = t.testdir({ 'broken.pem': broken, 'none.pem': 'certificates\n' })
  const files: [name: string, fault: string][] = [
    ['broken.pem', 'it contains a broken certificate'],
    ['none.pem', 'no certificates in PEM format']
  ]
  for (const [file, fault] of files) {
    t.throws(() => parseNetworkOptions({ ca: `${dir}/${file}` }), { message: `: ${fault}; ${pem}` }, file)
  }
})

t.test('--ca reads the certificates of a file', async t => {
  const { file, certificate } = sharedAuthority()
  t.strictSame(parseNetworkOptions({ ca: file }).ca, [certificate.trimEnd()])
})
