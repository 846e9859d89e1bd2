import { EventEmitter, once } from 'node:events'
import type { RequestListener } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import t from 'tap'
import type { Test } from 'tap'
import { checkNames } from '../../../src/check/many/check-names.ts'
import type { CheckNamesOptions } from '../../../src/check/many/check-names.ts'
import type { Report } from '../../../src/check/report/report.ts'
import { idsOf } from '../../support/check-world.ts'
import { describeHealthyWorld } from '../../support/healthy-world.ts'
import { startWorld } from '../../support/world.ts'
import type { HttpsHost, World } from '../../support/world.ts'

const names = Array.from({ length: 12 }, (_, i) => `${i + 1}.example.com`)

/** A provider: all names are at one address, and delegate to one homeserver. */
async function startProvider (t: Test, watch: (handler: RequestListener) => RequestListener): Promise<World> {
  const { records, hosts } = describeHealthyWorld()
  const site = hosts['45.0.0.2:443'] as HttpsHost
  return await startWorld(t, {
    records: { ...records, ...Object.fromEntries(names.map(name => [name, { A: ['45.0.0.2'] }])) },
    hosts: { ...hosts, '45.0.0.2:443': { certificate: ['DNS:*.example.com'], handler: watch(site.handler) } }
  })
}

async function check (world: World, options: Partial<CheckNamesOptions> = {}): Promise<Report[]> {
  const reports: Report[] = []
  const { dns, connect, ca } = world
  await checkNames(names.map(serverName => ({ serverName, intent: undefined })), {
    dns: dns.address, connect, ca: [ca], timeout: 6, jobs: 16, signal: new AbortController().signal, ...options
  }, { finish: async report => { reports.push(report) } })
  return reports
}

t.test('the homeserver of many names is asked once, and at most four of them ask an address at a time', async t => {
  const active = new Map<string, number>()
  let most = 0
  const events = new EventEmitter()
  const several = once(events, 'several')
  const world = await startProvider(t, handler => async (request, response) => {
    const host = String(request.headers.host)
    active.set(host, (active.get(host) ?? 0) + 1)
    most = Math.max(most, active.size)
    if (most > 1) events.emit('several')
    await several
    await setTimeout(20)
    const left = Number(active.get(host)) - 1
    if (left === 0) active.delete(host)
    else active.set(host, left)
    handler(request, response)
  })
  const reports = await check(world)
  t.strictSame(reports.map(({ serverName }) => serverName).sort(), [...names].sort())
  for (const report of reports) {
    t.equal(report.verdict.federation, 'fails', 'the homeserver has another name')
    t.ok(idsOf(report).includes('keys.server-name'), report.serverName)
  }
  t.ok(most <= 4, `${most} at a time`)
  const keys = world.requests.filter(({ to, url }) => to === '45.0.0.3:443' && url === '/_matrix/key/v2/server')
  t.strictSame(keys.map(({ host }) => host).sort(), ['matrix.example.com', 'matrix.example.com:443'],
    'once as servers do, and once as clients do')
  t.equal(world.dns.queries.filter(query => query === 'A matrix.example.com').length, 1)
})

t.test('a check that takes too long says so, and the others go on', async t => {
  const world = await startProvider(t, handler => (request, response) => {
    if (request.headers.host !== '1.example.com') handler(request, response)
  })
  const reports = await check(world, { only: 'documents', deadline: 1, timeout: 2 })
  t.equal(reports.length, 12)
  const late = reports.filter(report => idsOf(report).includes('check.time'))
  t.ok(late.some(({ serverName }) => serverName === '1.example.com'))
})

t.test('after the signal, no report is handed on', async t => {
  const stop = new AbortController()
  const world = await startProvider(t, handler => (request, response) => {
    if (request.headers.host === '2.example.com') stop.abort()
    handler(request, response)
  })
  const reports = await check(world, { jobs: 1, signal: stop.signal })
  t.strictSame(reports.map(({ serverName }) => serverName), ['1.example.com'])
})

t.test('the peers that no check uses any more are disconnected, but for the last ones', async t => {
  const { hosts } = describeHealthyWorld()
  const site = hosts['45.0.0.2:443'] as HttpsHost
  const many = Array.from({ length: 40 }, (_, i) => `n${i}.example.com`)
  let made = 0
  let open = 0
  const world = await startWorld(t, {
    records: Object.fromEntries(many.map(name => [name, { A: ['45.0.0.2'] }])),
    hosts: {
      '45.0.0.2:443': {
        certificate: ['DNS:*.example.com'],
        handler: (request, response) => {
          if (request.socket.listenerCount('close', forget) === 0) {
            made++
            open++
            request.socket.once('close', forget)
          }
          site.handler(request, response)
        }
      }
    }
  })
  function forget (): void { open-- }
  const counts: number[] = []
  await checkNames(many.map(serverName => ({ serverName, intent: undefined })), {
    dns: world.dns.address,
    connect: world.connect,
    ca: [world.ca],
    jobs: 4,
    only: 'documents',
    signal: new AbortController().signal
  }, { finish: async () => { counts.push(open) } })
  t.equal(counts.length, 40)
  t.ok(Math.max(...counts) < made, `${Math.max(...counts)} of ${made}`)
})
