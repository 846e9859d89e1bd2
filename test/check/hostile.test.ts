import t from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { renderJson } from '../../src/check/report/json.ts'
import { json, wellKnown } from '../support/responses.ts'
import { checkWorld } from '../support/check-world.ts'
import { healthyDocuments, startHealthyWorld } from '../support/healthy-world.ts'

const { server, client } = healthyDocuments

t.test("values that aren't strings are never converted to strings", async t => {
  const trap = { toString: 0, valueOf: 0 }
  const foci = [{ type: 'livekit', livekit_service_url: trap }]
  const world = await startHealthyWorld(t, {
    site: { 'GET /.well-known/matrix/client': wellKnown({ ...client, 'org.matrix.msc4143.rtc_foci': foci }) },
    homeserver: {
      routes: {
        'GET /_matrix/federation/v1/version': json({ server: { name: 'x', version: trap } }),
        'GET /_matrix/client/v1/rtc/transports': json({ rtc_transports: foci })
      }
    }
  })
  const report = await checkWorld(world)
  t.match(
    report.findings.map(({ id }) => id),
    // Element X rejects a URL that is not a string.
    ['document.invalid', 'federation.version']
  )
  t.match(report.federation?.addresses, [{ software: null }])
})

t.test('keys with the names of properties of every object are like other keys', async t => {
  const extra = { constructor: 1, toString: 2, hasOwnProperty: 3 }
  const world = await startHealthyWorld(t, {
    site: {
      'GET /.well-known/matrix/client': wellKnown({ ...client, ...extra }),
      'GET /.well-known/matrix/server': wellKnown({ ...server, ...extra })
    }
  })
  const { site } = loadConfig({
    SERVER_NAME: 'example.com',
    M_SERVER: 'matrix.example.com:443',
    M_HOMESERVER_BASE_URL: 'https://matrix.example.com'
  })
  const report = await checkWorld(world, { intent: site })
  t.match(
    report.findings.find(({ id, subject }) => id === 'intent.differs' && subject.endsWith('/server')),
    { what: /^"constructor" is 1, but shouldn't be there \(and 2 more\)/ }
  )
  t.match(
    report.findings.find(({ id }) => id === 'document.key-style'),
    { what: 'The keys "constructor", "toString", "hasOwnProperty" aren\'t named like com.example.key.' }
  )
})

t.test('of thousands of faults, some are reported and the others counted', async t => {
  const foci = Array.from({ length: 30_000 }, () => 0)
  const odd = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`k${i}`, 1]))
  const world = await startHealthyWorld(t, {
    site: { 'GET /.well-known/matrix/client': wellKnown({ ...client, ...odd, 'org.matrix.msc4143.rtc_foci': foci }) }
  })
  const report = await checkWorld(world, { only: 'client' })
  t.equal(report.findings.filter(({ id }) => id === 'document.too-large').length, 1)
  const smaller = await startHealthyWorld(t, {
    site: {
      'GET /.well-known/matrix/client': wellKnown({ ...client, 'org.matrix.msc4143.rtc_foci': foci.slice(0, 5_000) })
    }
  })
  const faults = (await checkWorld(smaller, { only: 'client' })).findings.filter(
    ({ id }) => id === 'document.invalid'
  )
  t.equal(faults.length, 6)
  t.match(faults.at(-1), { what: '4995 more values are invalid.' })
  const keys = await startHealthyWorld(t, {
    site: { 'GET /.well-known/matrix/client': wellKnown({ ...client, ...odd }) }
  })
  const many = await checkWorld(keys, { only: 'client' })
  t.match(
    many.findings.filter(({ id }) => id === 'document.key-style'),
    [{ what: 'The keys "k0", "k1", "k2", "k3", "k4" and 2995 more aren\'t named like com.example.key.' }]
  )
  t.ok(renderJson(many).length < 400_000)
})

t.test('values that are expensive for a naive parser are read quickly', { timeout: 30_000 }, async t => {
  const documents = [
    { 'm.server': ' '.repeat(100_000) },
    { 'm.server': '//'.repeat(50_000) },
    { 'm.server': `a${':'.repeat(100_000)}` },
    { 'm.homeserver': { base_url: `https://a.example${'/'.repeat(100_000)}?` } },
    { public_keys: { ed25519: '='.repeat(100_000) } }
  ]
  for (const document of documents) {
    const world = await startHealthyWorld(t, {
      site: {
        'GET /.well-known/matrix/server': wellKnown(document),
        'GET /.well-known/matrix/client': wellKnown(document),
        'GET /.well-known/matrix/policy_server': wellKnown(document)
      }
    })
    await t.resolves(checkWorld(world))
  }
})
