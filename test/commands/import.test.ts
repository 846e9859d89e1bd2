import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { respondWith, wellKnown, withoutCors } from '../support/responses.ts'
import { healthyOptions } from '../support/check-cli.ts'
import { portOf, startCli } from '../support/cli.ts'
import { startHealthyWorld } from '../support/healthy-world.ts'
import type { Changes } from '../support/healthy-world.ts'
import { request } from '../support/http.ts'

/** The configuration that Synapse 1.163.2 generates, with what an operator adds to it. */
const generated = readFileSync(new URL('../support/homeserver.yaml', import.meta.url), 'utf8')
const added = 'public_baseurl: https://matrix.example.com/\nadmin_contact: mailto:admin@example.com\n'

interface Ended {
  readonly status: number | NodeJS.Signals
  readonly stdout: string
  readonly stderr: string
}

async function run (t: Test, args: readonly string[], cwd = t.testdir()): Promise<Ended> {
  const running = startCli(t, ['import', ...args], {}, { cwd })
  const status = await running.ended
  return { status, ...running.output }
}

/** Imports the healthy site with these changes. */
async function importWorld (t: Test, site: Changes['site'] = {}, ...args: string[]): Promise<Ended> {
  return await run(t, ['example.com', ...await healthyOptions(await startHealthyWorld(t, { site })), ...args])
}

t.test('what the apex serves is printed as a .env file, and nothing else', async t => {
  const { status, stdout, stderr } = await importWorld(t)
  t.equal(status, 0, stderr)
  t.equal(stderr, '')
  t.equal(stdout, `# Imported from https://example.com.

SERVER_NAME=example.com

M_SERVER=matrix.example.com:443

M_HOMESERVER_BASE_URL=https://matrix.example.com

M_IDENTITY_SERVER_BASE_URL=https://matrix.example.com

LIVEKIT_SERVICE_URL=https://matrix.example.com/livekit/jwt

SUPPORT_PAGE=https://example.com/help

SUPPORT_CONTACTS='[{"role":"m.role.admin","matrix_id":"@admin:example.com","email_address":"admin@example.com"}]'

POLICY_SERVER_ED25519=6yhHGKhCiXTSEN2ksjV7kX/N6rBQZ3Xb+M7LlC6NS+s
`)
})

t.test('standard error has what is wrong, in the words of check, and what becomes of it', async t => {
  const client = '{"m.homeserver":{"base_url":"https://matrix.example.com/"},"com.example.a":1,"com.example.a":2}'
  const { status, stdout, stderr } = await importWorld(t, {
    'GET /.well-known/matrix/server': wellKnown({ 'm.server': 'https://matrix.example.com' }, { headers: withoutCors }),
    'GET /.well-known/matrix/client': respondWith(`\ufeff${client}`, { headers: withoutCors }),
    'GET /.well-known/matrix/support': respondWith('<!doctype html>', { headers: { 'Content-Type': 'text/html' } }),
    'GET /.well-known/matrix/policy_server': undefined
  })
  t.equal(status, 0, stderr)
  for (const line of [
    '/.well-known/matrix/client: The response begins with a byte order mark.',
    '/.well-known/matrix/support: The response is a web page.',
    'M_SERVER: fixed: /.well-known/matrix/server: "m.server" is "https://matrix.example.com": starts with ' +
      '"https://"; use matrix.example.com:443',
    'M_HOMESERVER_BASE_URL: fixed: /.well-known/matrix/client: "m.homeserver", "base_url" is ' +
      '"https://matrix.example.com/": ends in "/"; use https://matrix.example.com'
  ]) t.ok(stderr.split('\n').includes(line), `${line}\n\n${stderr}`)
  t.match(stdout, '\n# Fixed: /.well-known/matrix/server: "m.server" is ')
  t.match(stdout, '\nM_SERVER=matrix.example.com:443\n')
})

t.test('--help shows the usage in 80 columns', async t => {
  const { status, stdout, stderr } = await run(t, ['--help'])
  t.equal(status, 0)
  t.equal(stderr, '')
  t.match(stdout, /^Usage: matrix-well-known import SOURCE… \[options\]\n/)
  t.ok(stdout.split('\n').every(line => line.length <= 80))
})

t.test('the exit status says what could not be imported', async t => {
  const cwd = t.testdir({
    'services.yaml': 'services: {}\n',
    server: '{"m.server":"matrix.example.com:443"}',
    client: '<html>',
    public: { server: '{"m.server":', client: '<html>' }
  })
  const rejected: [args: string[], status: number, stderr: RegExp][] = [
    [[], 2, /^The source is missing: use a server name, an https URL, or a file\.\n\nRun /],
    [['example.com', 'example.org'], 2, /^Import example\.com without anything else/],
    [['example.com', '--server-name', 'https://a.example'], 2, /^--server-name is "https:\/\/a\.example": starts with/],
    [['example.com', '--nothing'], 2, /^Unknown option "--nothing"/],
    [['server'], 2, /^server: no server name; add --server-name NAME\n$/],
    [['missing.yaml'], 1, /^missing\.yaml: no such file; use the path of another file\n$/],
    [['services.yaml'], 78, /^services\.yaml: not the configuration of Synapse, Dendrite, tuwunel or continuwuity/],
    [['./client'], 78, /^\.\/client: not the configuration of/],
    [
      ['public', '--server-name', 'example.com'],
      78,
      /client: The response is a web page\.\n.*server: The response isn't JSON: .*\npublic: no JSON object\n$/
    ],
    [
      ['--dns', '127.0.0.1:1', '--timeout', '1', 'nowhere.invalid'],
      1,
      /https:\/\/matrix\.nowhere\.invalid: no documents could be fetched, and there is no file "nowhere\.invalid"\n$/
    ],
    [
      ['--dns', '127.0.0.1:1', '--timeout', '1', 'https://nowhere.invalid'],
      1,
      /https:\/\/nowhere\.invalid and https:\/\/matrix\.nowhere\.invalid: no documents could be fetched\n$/
    ]
  ]
  for (const [args, status, expected] of rejected) {
    const ended = await run(t, args, cwd)
    t.equal(ended.status, status, `${args.join(' ')}: ${ended.stderr}`)
    t.match(ended.stderr, expected, args.join(' '))
    t.equal(ended.stdout, '', args.join(' '))
  }
  const named = await run(t, ['server', '--server-name', 'example.com'], cwd)
  t.equal(named.status, 0, named.stderr)
  t.match(named.stdout, /\nSERVER_NAME=example\.com\n/)
})

t.test('what is wrong with files is said in the words of check', async t => {
  const cwd = t.testdir({
    server: '{"m.server":"matrix.example.com:443","m.server":"matrix.example.com:443"}',
    client: '{"m.homeserver":{"base_url":"https://matrix.example.com"},}',
    support: '{"contacts":',
    mautrix: '{}'
  })
  const { status, stdout, stderr } = await run(t, ['.', '--server-name', 'example.com'], cwd)
  t.equal(status, 0, stderr)
  t.match(stderr, '/.well-known/matrix/server: The key "m.server" appears twice.\n')
  t.match(stderr, "/.well-known/matrix/client: The response isn't JSON: trailing comma in line 1, column 58.\n")
  t.match(stderr, "/.well-known/matrix/support: The response isn't JSON: it ends too early, in line 1, column 13.\n")
  t.match(stdout, '\nM_SERVER=matrix.example.com:443\n\nM_HOMESERVER_BASE_URL=https://matrix.example.com\n\n' +
    '# Left out: support: not a JSON object\n\n' +
    "EXTRA_WELL_KNOWN_DOCUMENTS='{\"mautrix\":{}}'\n")
})

t.test('what the server would warn about is noted', async t => {
  const cwd = t.testdir({
    server: '{"m.server":"matrix.example.com"}',
    client: '{"m.homeserver":{"base_url":"https://example.com/a"},"x":1}'
  })
  const { status, stdout, stderr } = await run(t, ['.', '--server-name', 'example.com'], cwd)
  t.equal(status, 0, stderr)
  t.match(stderr, '\nM_SERVER: note: M_SERVER is "matrix.example.com", without a port: other servers look for SRV ')
  t.match(stderr, '\nM_HOMESERVER_BASE_URL: note: M_HOMESERVER_BASE_URL is "https://example.com/a", with a path: ')
  t.match(stdout, '\n# Note: M_SERVER is "matrix.example.com", without a port: ')
  t.equal(stderr.match(/com\.example\.key/g)?.length, 1, 'the findings have the key that is named wrong')
})

t.test('of a configuration, further keys are among what the server would warn about', async t => {
  const text = 'server_name: example.com\npublic_baseurl: https://matrix.example.com/\n' +
    'extra_well_known_client_content: {org.matrix.msc3575.proxy: {url: "https://matrix.example.com"}}\n'
  const { status, stdout, stderr } = await run(t, ['homeserver.yaml'], t.testdir({ 'homeserver.yaml': text }))
  t.equal(status, 0, stderr)
  const note = 'EXTRA_WELL_KNOWN_CLIENT_CONTENT has the key "org.matrix.msc3575.proxy", which is obsolete'
  t.match(stderr, `EXTRA_WELL_KNOWN_CLIENT_CONTENT: note: ${note}`)
  t.match(stdout, `\n# Note: ${note}`)
})

t.test('a site without any document has nothing to import', async t => {
  const none = Object.fromEntries(['server', 'client', 'support', 'policy_server']
    .map(name => [`GET /.well-known/matrix/${name}`, undefined]))
  const { status, stdout, stderr } = await importWorld(t, none)
  t.equal(status, 78)
  t.equal(stdout, '')
  t.match(stderr, /https:\/\/example\.com and https:\/\/matrix\.example\.com: no documents are served there\n$/)
})

t.test('what could not be fetched fails the import, which still prints the rest', async t => {
  const { status, stdout, stderr } = await importWorld(t, {
    'GET /.well-known/matrix/server': respondWith('', { status: 502 })
  })
  t.equal(status, 1)
  t.match(stderr, '/.well-known/matrix/server: It returns status 502.\n')
  t.match(stdout, "\n# Note: https://example.com/.well-known/matrix/server couldn't be fetched.")
  t.match(stdout, '\nSERVE_SERVER_WELLKNOWN=false\n')
})

t.test("an address that isn't public is not connected to if that is asked for", async t => {
  const { status, stderr } = await importWorld(t, {}, '--public-only')
  t.equal(status, 1, stderr)
  t.match(stderr, /127\.0\.0\.1: This isn't a public address/)
})

t.test('a full disk is reported', async t => {
  const cwd = t.testdir({ server: '{"m.server":"matrix.example.com:443"}' })
  const args = ['import', 'server', '--server-name', 'example.com']
  const running = startCli(t, args, {}, { cwd, shell: 'exec "$@" > /dev/full' })
  t.equal(await running.ended, 1)
  t.match(running.output.stderr, /^Can't write the settings: .*ENOSPC/m)
})

t.test('with a homeserver.yaml, two commands lead to a running sidecar', async t => {
  const cwd = t.testdir({ 'homeserver.yaml': `${generated}${added}` })
  const { status, stdout, stderr } = await run(t, ['homeserver.yaml'], cwd)
  t.equal(status, 0, stderr)
  writeFileSync(join(cwd, '.env'), stdout)
  const serving = startCli(t, [], { HOST: '127.0.0.1', PORT: '0' }, { cwd })
  const port = await portOf(serving)
  t.equal((await request(port, '/.well-known/matrix/server')).body, '{"m.server":"matrix.example.com:443"}')
  t.equal((await request(port, '/.well-known/matrix/client')).body,
    '{"m.homeserver":{"base_url":"https://matrix.example.com"}}')
  t.equal((await request(port, '/.well-known/matrix/support')).body,
    '{"contacts":[{"role":"m.role.admin","email_address":"admin@example.com"}]}')
  t.notMatch(serving.output.stdout, /"level":(40|50|60)/, 'without a warning')
  serving.kill('SIGTERM')
  await serving.ended
})

t.test('a configuration is read from standard input', async t => {
  const cwd = t.testdir({ 'homeserver.yaml': `${generated}${added}`, long: 'x'.repeat(1_048_577) })
  const readFrom = async (file: string): Promise<Ended> => {
    const running = startCli(t, ['import', '-'], {}, { cwd, shell: `exec "$@" < ${file}` })
    return { status: await running.ended, ...running.output }
  }
  const { status, stdout, stderr } = await readFrom('homeserver.yaml')
  t.equal(status, 0, stderr)
  t.match(stdout, /^# Imported from standard input\.\n\nSERVER_NAME=example\.com\n/)
  t.match(stderr, 'M_SERVER: a guess')
  const refused: [file: string, status: number, stderr: RegExp][] = [
    ['/dev/null', 1, /^standard input: empty; check the command that writes it \(docker run needs --interactive\)\n$/],
    ['long', 1, /^standard input: longer than 1048576 bytes; use the path of another file\n$/]
  ]
  for (const [file, expected, fault] of refused) {
    t.match(await readFrom(file), { status: expected, stderr: fault }, file)
  }
})

t.test('a generated homeserver.yaml without more says what is missing, and keeps its secrets', async t => {
  const cwd = t.testdir({ 'homeserver.yaml': generated })
  const { status, stdout, stderr } = await run(t, ['homeserver.yaml'], cwd)
  t.equal(status, 0, stderr)
  t.match(stdout, '\nSERVE_SERVER_WELLKNOWN=false\n')
  t.match(stderr, "M_HOMESERVER_BASE_URL: note: public_baseurl isn't set")
  t.notMatch(stdout + stderr, /secret-of-the-test/)
})
