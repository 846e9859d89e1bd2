import { gzipSync } from 'node:zlib'
import t from 'tap'
import type { ReportedExchange } from '../../../src/check/report/exchanges.ts'
import type { Report } from '../../../src/check/report/report.ts'
import { respondWith, redirect, wellKnown } from '../../support/responses.ts'
import { endlessBody } from '../../support/bad-bodies.ts'
import { checkWorld } from '../../support/check-world.ts'
import { healthyDocuments, startHealthyWorld } from '../../support/healthy-world.ts'

function exchangesWith ({ exchanges }: Report, url: string): ReportedExchange[] {
  return exchanges.filter(exchange => exchange.url === url)
}

t.test('a report has every request of the check once, and what came back', async t => {
  const world = await startHealthyWorld(t)
  const report = await checkWorld(world)
  const described = report.exchanges.map(({ method, url }) => `${method} ${new URL(url).pathname}`)
  const seen = world.requests.map(({ method, url }) => `${method} ${url}`)
  t.strictSame(described.toSorted(), seen.toSorted())
  t.equal(report.exchangesLeftOut, 0)
  t.match(exchangesWith(report, 'https://example.com/.well-known/matrix/server')[0], {
    method: 'GET',
    address: '45.0.0.2',
    port: 443,
    requestHeaders: [['Host', 'example.com'], ['User-Agent', /^Synapse\//], ['Accept', '*/*']],
    response: {
      status: 200, headersLeftOut: 0, body: JSON.stringify(healthyDocuments.server), bytes: 37, bodyCut: false
    },
    failure: null
  })
  const [asServer] = exchangesWith(report, 'https://matrix.example.com:443/_matrix/key/v2/server')
  t.strictSame(asServer?.requestHeaders[0], ['Host', 'matrix.example.com:443'], 'as delegated')
  const headers = exchangesWith(report, 'https://example.com/.well-known/matrix/server')[0]?.response?.headers
  t.ok(headers?.some(([name, value]) => name === 'content-type' && value === 'application/json'))
})

t.test('requests after a redirect, elsewhere, and without a response are there as well', async t => {
  const report = await checkWorld(await startHealthyWorld(t, {
    site: {
      'GET /.well-known/matrix/server': undefined,
      'GET /.well-known/matrix/client': redirect('/elsewhere'),
      'GET /elsewhere': wellKnown(healthyDocuments.client)
    },
    hosts: { '45.0.0.2:8448': 'resetting' }
  }))
  t.match(exchangesWith(report, 'https://example.com/elsewhere'), [{ response: { status: 200 } }])
  const elsewhere = exchangesWith(report, 'https://matrix.example.com/.well-known/matrix/server')
  t.match(elsewhere, [{ response: { status: 404 } }])
  t.match(exchangesWith(report, 'https://example.com/_matrix/key/v2/server'), [
    { response: null, failure: { kind: 'reset', phase: 'tls' } }
  ])
})

t.test('if addresses serve different documents, what is requested for each of them is there', async t => {
  const other = { 'm.homeserver': { base_url: 'https://other.example.com' } }
  const report = await checkWorld(await startHealthyWorld(t, {
    records: { 'example.com': { A: ['45.0.0.2', '45.0.0.8'] }, 'other.example.com': { A: ['45.0.0.9'] } },
    hosts: { '45.0.0.8:443': { certificate: ['DNS:example.com'], handler: wellKnown(other) } }
  }))
  const versions = exchangesWith(report, 'https://other.example.com/_matrix/client/versions')
  t.match(versions, [{ failure: { kind: 'refused' } }])
})

t.test('bodies are decoded, and what is too long is cut', async t => {
  const long = { ...healthyDocuments.client, 'com.example': 'x'.repeat(10_000) }
  const headers = Object.fromEntries(Array.from({ length: 45 }, (_, i) => [`X-${i}`, 'y'.repeat(500)]))
  const report = await checkWorld(await startHealthyWorld(t, {
    site: {
      'GET /.well-known/matrix/client': respondWith(gzipSync(JSON.stringify(long)), {
        headers: { 'Content-Encoding': 'gzip' }
      }),
      'GET /.well-known/matrix/server': endlessBody(),
      'GET /.well-known/matrix/support': wellKnown({}, { headers }),
      'GET /.well-known/matrix/policy_server': wellKnown({}, { headers: { 'Content-Encoding': 'gzip' } })
    }
  }))
  const [client] = exchangesWith(report, 'https://example.com/.well-known/matrix/client')
  t.equal(client?.response?.body, JSON.stringify(long).slice(0, 2_000))
  t.match(client, { response: { bodyCut: true, bytes: gzipSync(JSON.stringify(long)).length } })
  t.match(exchangesWith(report, 'https://example.com/.well-known/matrix/server')[0], { response: { bodyCut: true } })
  const [support] = exchangesWith(report, 'https://example.com/.well-known/matrix/support')
  const [policyServer] = exchangesWith(report, 'https://example.com/.well-known/matrix/policy_server')
  t.equal(policyServer?.response?.body, '{}')
  t.equal(support?.response?.headers.length, 40)
  t.ok((support?.response?.headersLeftOut ?? 0) > 0)
  t.ok(support?.response?.headers.every(([, value]) => value.length <= 401))
})

t.test('of very many exchanges, some are listed and the others counted', async t => {
  const addresses = (from: number): { A: string[], AAAA: string[] } => ({
    A: Array.from({ length: 8 }, (_, i) => `45.0.${from}.${i}`),
    AAAA: Array.from({ length: 8 }, (_, i) => `2a00:db8:${from}::${i}`)
  })
  const report = await checkWorld(await startHealthyWorld(t, {
    records: {
      'example.com': { A: ['45.0.0.2', ...addresses(2).A], AAAA: addresses(2).AAAA },
      'matrix.example.com': addresses(1)
    }
  }))
  t.equal(report.exchanges.length, 200)
  t.ok(report.exchangesLeftOut > 0)
})
