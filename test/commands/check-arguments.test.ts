import t from 'tap'
import { checkUsage, parseCheckArguments } from '../../src/commands/check-arguments.ts'
import type { CheckArguments } from '../../src/commands/check-arguments.ts'
import { sharedAuthority } from '../support/certificates.ts'

const defaults: CheckArguments = {
  serverName: undefined,
  format: 'text',
  strict: false,
  help: false,
  options: { only: undefined, timeout: undefined, dns: undefined, resolve: undefined, family: undefined, ca: undefined }
}

function withOptions (options: CheckArguments['options']): CheckArguments {
  return { ...defaults, options: { ...defaults.options, ...options } }
}

t.test('reads a command line', async t => {
  const cases: [args: string[], expected: CheckArguments][] = [
    [[], defaults],
    [['example.com'], { ...defaults, serverName: 'example.com' }],
    [['--json', '[::1]:8448'], { ...defaults, serverName: '[::1]:8448', format: 'json' }],
    [['--format', 'tap', '--strict'], { ...defaults, format: 'tap', strict: true }],
    [['-h'], { ...defaults, help: true }],
    [['--only=client'], withOptions({ only: 'client' })],
    [['--timeout', '2.5'], withOptions({ timeout: 2.5 })],
    [['-4'], withOptions({ family: 4 })],
    [['-6'], withOptions({ family: 6 })],
    [['--dns', '192.0.2.53'], withOptions({ dns: '192.0.2.53:53' })],
    [['--dns=2001:db8::53'], withOptions({ dns: '[2001:db8::53]:53' })],
    [['--dns=[2001:db8::53]:5353'], withOptions({ dns: '[2001:db8::53]:5353' })],
    [['--resolve', 'Example.com:443:192.0.2.1', '--resolve=a.example:8448:::1'], withOptions({
      resolve: [
        { host: 'example.com', port: 443, address: '192.0.2.1', toPort: undefined },
        { host: 'a.example', port: 8448, address: '::1', toPort: undefined }
      ]
    })],
    [['--resolve=a.example:443:192.0.2.1,[2001:db8::1]:8443'], withOptions({
      resolve: [
        { host: 'a.example', port: 443, address: '192.0.2.1', toPort: undefined },
        { host: 'a.example', port: 443, address: '2001:db8::1', toPort: 8443 }
      ]
    })],
    [['--resolve=[::1]:443:[2001:db8::1]:8443'], withOptions({ resolve: [{ host: '::1', port: 443, address: '2001:db8::1', toPort: 8443 }] })]
  ]
  for (const [args, expected] of cases) t.strictSame(parseCheckArguments(args), expected, args.join(' '))
})

t.test('tells what is wrong with one, and what to write', async t => {
  const address = 'write the address of a DNS server, such as 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353'
  const override = 'write HOST:PORT:ADDRESS, such as example.com:443:192.0.2.1 or example.com:443:[2001:db8::1]'
  const pem = 'write the path of a file with "-----BEGIN CERTIFICATE-----"'
  const cases: [args: string[], message: string][] = [
    [['a.example', 'b.example'], 'One server name at a time, not "a.example" and "b.example".'],
    [['https://example.com'], 'The server name is "https://example.com": leave out "https://", write example.com'],
    [['@alice:example.com'], 'The server name is "@alice:example.com": a user ID, leave out the user, write example.com'],
    [['--bogus'], "Unknown option '--bogus'."],
    [['--only'], "Option '--only <value>' argument missing."],
    [['--only=servers'], '--only is "servers": write one of federation, client, documents'],
    [['--format=xml'], '--format is "xml": write one of text, json, tap'],
    [['--json', '--format=tap'], '--json and --format tap contradict each other: give one of them.'],
    [['-4', '-6'], '-4 and -6 leave nothing: give one of them.'],
    ...['', 'ten', '0', '601', 'Infinity'].map((seconds): [string[], string] => [[`--timeout=${seconds}`], `--timeout is "${seconds}": write seconds, from 0.1 to 600`]),
    ...['dns.example', '192.0.2.53:0', '192.0.2.256', '010.0.0.1'].map((dns): [string[], string] => [[`--dns=${dns}`], `--dns is "${dns}": ${address}`]),
    ...['example.com', 'example.com:443', 'example.com:443:b.example', 'example.com:0:192.0.2.1', 'example.com:443:192.0.2.1:70000', 'a_b:443:192.0.2.1', 'example.com:443:010.0.0.1', 'example.com:443:192.0.2.1,']
      .map((resolve): [string[], string] => [[`--resolve=${resolve}`], `--resolve is "${resolve}": ${override}`]),
    [['--ca=/does/not/exist'], `--ca is "/does/not/exist": there is no such file, ${pem}`],
    [['--ca=/'], `--ca is "/": can not be read (EISDIR), ${pem}`],
    [['--ca=/dev/null'], `--ca is "/dev/null": not certificates in PEM, ${pem}`]
  ]
  for (const [args, message] of cases) {
    t.throws(() => parseCheckArguments(args), { code: 'ERR_USAGE', message }, args.join(' '))
  }
  const broken = `${t.testdir({ 'broken.pem': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' })}/broken.pem`
  t.throws(() => parseCheckArguments(['--ca', broken]), { message: /a certificate in it is broken/ })
})

t.test('--ca adds to what is trusted', async t => {
  const { file, certificate } = sharedAuthority()
  const { options: { ca = [] } } = parseCheckArguments(['--ca', file])
  t.equal(ca.at(-1), certificate)
  t.ok(ca.length > 50)
})

t.test('the usage fits a terminal', async t => {
  t.strictSame(checkUsage.split('\n').filter(line => line.length > 80), [])
})
