import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { fileURLToPath } from 'node:url'
import { test } from 'tap'
import type { Test } from 'tap'
import { checkServer } from '../../src/check/check.ts'
import type { CheckOptions, Report } from '../../src/check/check.ts'
import { json, redirect } from '../support/responses.ts'
import { endlessBody, noResponse, slowDrip } from '../support/bad-bodies.ts'
import { sharedAuthority } from '../support/certificates.ts'
import { checkWorld, idsOf } from '../support/check-world.ts'
import { startDnsServer } from '../support/dns-server.ts'
import { closeUnannounced } from '../support/guards.ts'
import { describeHealthyWorld, startHealthyWorld } from '../support/healthy-world.ts'
import type { Changes } from '../support/healthy-world.ts'
import { buildHomeserver } from '../support/homeserver.ts'
import { expectSummary, summarize } from '../support/summary.ts'
import { startHangingHost, startTlsHost } from '../support/tls-host.ts'
import { startWorld } from '../support/world.ts'

const names = ['DNS:matrix.example.com']

/** Each would take longer than the time limit of a test; these tests prove the one of the check by ending. */
const slow: Readonly<Record<string, Changes>> = {
  'a homeserver that hangs in TLS': { hosts: { '45.0.0.3:443': 'hanging' } },
  'a homeserver that drops connections': { hosts: { '45.0.0.3:443': 'dropping' } },
  'a homeserver that never responds': { hosts: { '45.0.0.3:443': { certificate: names, handler: noResponse() } } },
  'a homeserver that never finishes a response': {
    hosts: { '45.0.0.3:443': { certificate: names, handler: slowDrip() } }
  },
  'DNS that never responds': { records: { 'example.com': { code: 'SILENT' } } },
  'DNS that never responds for SRV': {
    site: { 'GET /.well-known/matrix/server': undefined },
    records: { '_matrix-fed._tcp.example.com': { SRV: 'SILENT' } }
  },
  'a redirect to a name that DNS never responds for': {
    site: { 'GET /.well-known/matrix/client': redirect('https://silent.example.com/') },
    records: { 'silent.example.com': { code: 'SILENT' } }
  }
}

for (const [title, changes] of Object.entries(slow)) {
  test(`ends in time: ${title}`, async t => {
    const world = await startHealthyWorld(t, changes)
    const report = await checkWorld(world, { timeout: 600, deadline: 1 })
    t.ok(idsOf(report).includes('check.time'))
    t.ok(report.findings.every(({ severity }) => ['failure', 'warning', 'notice'].includes(severity)))
    t.notOk(report.verdict.federation === 'works' && report.verdict.clients === 'works')
  })
}

test('running out of time does not affect what had responded by then', async t => {
  const world = await startHealthyWorld(t, { site: { 'GET /.well-known/matrix/support': noResponse() } })
  let report = await checkWorld(world, { timeout: 600, deadline: 1 })
  // How long it takes until the others have responded depends on the machine.
  for (let deadline = 2; deadline < 60 && !allWork(report); deadline *= 2) {
    report = await checkWorld(world, { timeout: 600, deadline })
  }
  t.match(
    report.findings.find(({ id }) => id === 'check.time'),
    { area: 'documents', subject: 'example.com', fix: /--timeout/ }
  )
  t.ok(allWork(report))
})

function allWork ({ verdict: { federation, clients } }: Report): boolean {
  return federation === 'works' && clients === 'works'
}

test('servers that close each connection after a response, without announcing it, are healthy', async t => {
  const { records, hosts } = describeHealthyWorld({ guard: closeUnannounced })
  const { '45.0.0.3:443': homeserver } = hosts
  if (typeof homeserver !== 'object' || !('handler' in homeserver)) throw new Error('no homeserver')
  const closing = { ...homeserver, handler: closeUnannounced(homeserver.handler) }
  const world = await startWorld(t, { records, hosts: { ...hosts, '45.0.0.3:443': closing } })
  t.strictSame(summarize(await checkWorld(world)), expectSummary({}))
  const apex = world.requests.filter(({ to }) => to === '45.0.0.2:443').map(({ method, url }) => `${method} ${url}`)
  t.ok(new Set(apex).size < apex.length, 'requests were sent again')
})

test('rejects an invalid number of seconds', async t => {
  for (const options of [{ timeout: 0 }, { timeout: -1 }, { timeout: Number.NaN }, { deadline: Infinity }]) {
    await t.rejects(checkServer('example.com', { dns: '127.0.0.1:1', ...options }), {
      name: 'TypeError',
      message: /use a number of seconds/
    })
  }
  await t.resolves(
    checkServer('example.com', { dns: '127.0.0.1:1', timeout: 1.0005 }),
    'not a whole number of milliseconds'
  )
})

test("rejects a part that doesn't exist", async t => {
  const options = JSON.parse('{ "only": "clients" }') as CheckOptions
  const message = 'only is "clients": use one of "federation", "client", "documents"'
  await t.rejects(checkServer('example.com', { dns: '127.0.0.1:1', ...options }), { name: 'TypeError', message })
})

test('rejects an invalid server name', async t => {
  await t.rejects(checkServer('https://example.com', { dns: '127.0.0.1:1' }), { code: 'ERR_SCHEME' })
})

test('opens its own connections', async t => {
  const { key, certificate } = sharedAuthority().issue({ names: ['IP:127.0.0.1'] })
  let handler: RequestListener = noResponse()
  const host = await startTlsHost(t, {
    address: '127.0.0.1',
    key,
    certificate,
    handler: (request, response) => {
      handler(request, response)
    }
  })
  const serverName = `127.0.0.1:${host.port}`
  handler = buildHomeserver({ serverName })
  const report = await checkServer(serverName, { ca: [sharedAuthority().certificate] })
  t.match(report, {
    // Other servers refuse to connect to an address that is not public.
    verdict: { federation: 'from-here', readers: { synapse: { finding: 'address.private' } } },
    federation: { endpoint: { step: '1' }, addresses: [{ responds: true, software: 'Test 1.2.3' }] }
  })
})

/** Runs a check in its own process, which must end by itself. */
async function checkAlone (
  t: Test,
  dns: string,
  port: number,
  timeout: number
): Promise<{ findings: string, status: unknown, signal: unknown, errors: string }> {
  const program = spawn(process.execPath, [
    fileURLToPath(new URL('../support/check-once.js', import.meta.url)),
    dns,
    String(port),
    String(timeout)
  ])
  const killer = setTimeout(() => program.kill('SIGKILL'), 200_000)
  t.teardown(() => {
    clearTimeout(killer)
    program.kill('SIGKILL')
  })
  const chunks: Buffer[] = []
  const errors: Buffer[] = []
  program.stdout.on('data', chunk => chunks.push(chunk))
  program.stderr.on('data', chunk => errors.push(chunk))
  const [status, signal] = await once(program, 'close')
  return { findings: Buffer.concat(chunks).toString(), status, signal, errors: Buffer.concat(errors).toString() }
}

test('leaves nothing that keeps a process alive: connections that peers hold open', async t => {
  const { address } = await startDnsServer(t, { 'example.com': { A: ['45.0.0.2'], AAAA: ['2a00:db8::2'] } })
  const { key, certificate } = sharedAuthority().issue({ names: ['DNS:example.com'] })
  const host = await startTlsHost(t, { address: '127.0.0.1', key, certificate, handler: json({}) })
  const { findings, ...end } = await checkAlone(t, address, host.port, 600)
  t.strictSame(end, { status: 0, signal: null, errors: '' })
  t.match(findings, /certificate\.incomplete/)
})

test('leaves nothing that keeps a process alive: a host that hangs', async t => {
  const { address } = await startDnsServer(t, { 'example.com': { A: ['45.0.0.2'] } })
  const host = await startHangingHost(t, '127.0.0.1')
  const { findings, ...end } = await checkAlone(t, address, host.port, 1)
  t.strictSame(end, { status: 0, signal: null, errors: '' })
  t.match(findings, /document\.unreachable/)
})

test('leaves nothing that keeps a process alive: an endless response, DNS without a response', async t => {
  const { address } = await startDnsServer(t, {
    'example.com': { A: ['45.0.0.2'] },
    '_matrix._tcp.example.com': { SRV: 'SILENT' }
  })
  const { key, certificate } = sharedAuthority().issue({ names: ['DNS:example.com'] })
  const host = await startTlsHost(t, { address: '127.0.0.1', key, certificate, handler: endlessBody() })
  const { findings, ...end } = await checkAlone(t, address, host.port, 1)
  t.strictSame(end, { status: 0, signal: null, errors: '' })
  t.match(findings, /discovery\.dns/)
})
