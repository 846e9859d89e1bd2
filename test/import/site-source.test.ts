import t from 'tap'
import type { Test } from 'tap'
import { openNetwork } from '../../src/check/network/network.ts'
import { fetchSiteSource } from '../../src/import/site-source.ts'
import type { SiteSource } from '../../src/import/site-source.ts'
import { respondWith, html, json, matrixError, redirect, wellKnown } from '../support/responses.ts'
import { describeHealthyWorld, healthyDocuments } from '../support/healthy-world.ts'
import type { Changes } from '../support/healthy-world.ts'
import { importFrom } from '../support/imports.ts'
import { startWorld } from '../support/world.ts'
import type { World } from '../support/world.ts'
import { sharedAuthority } from '../support/certificates.ts'
import { route } from '../support/route.ts'

async function fetchFrom ({ dns, connect, ca }: World, serverName = 'example.com'): Promise<SiteSource> {
  const network = openNetwork({ dns: dns.address, connect, ca: [ca], timeout: 2 })
  try {
    return await fetchSiteSource(network, serverName)
  } finally {
    network.close()
  }
}

async function start (t: Test, changes: Changes = {}): Promise<World> {
  return await startWorld(t, describeHealthyWorld(changes))
}

const path = (name: string): string => `GET /.well-known/matrix/${name}`
const none = Object.fromEntries(Object.keys(healthyDocuments).map(name => [path(name), undefined]))

t.test('the documents that the apex serves are fetched', async t => {
  const world = await start(t)
  const { description, isIncomplete } = await fetchFrom(world)
  t.strictSame(Object.fromEntries(description.documents), healthyDocuments)
  t.notOk(isIncomplete)
  t.strictSame(importFrom(description).served, healthyDocuments)
  t.equal(description.source, 'https://example.com')
  t.strictSame([...new Set(world.requests.map(({ to }) => to))], ['45.0.0.2:443'], 'no other host is asked')
})

t.test("the port of a server name isn't that of its documents", async t => {
  const { description } = await fetchFrom(await start(t), 'EXAMPLE.com:8448')
  t.equal(importFrom(description).environment['SERVER_NAME'], 'EXAMPLE.com:8448')
  t.equal(description.documents.size, 4)
})

t.test('without documents on the apex, those of the host named matrix are fetched', async t => {
  const site = route({ [path('client')]: wellKnown(healthyDocuments.client), '*': matrixError(404, 'M_UNRECOGNIZED') })
  const matrix = { certificate: ['DNS:matrix.example.com'], handler: site }
  const apexes: Changes[] = [
    { site: none },
    { hosts: { '45.0.0.2:443': undefined } },
    { records: { 'example.com': undefined } },
    { site: { ...none, '*': html('A page for everything') } }
  ]
  for (const apex of apexes) {
    const world = await start(t, { ...apex, hosts: { ...apex.hosts, '45.0.0.3:443': matrix } })
    const { description, isIncomplete, hosts } = await fetchFrom(world)
    t.equal(description.source, 'https://matrix.example.com')
    t.strictSame(importFrom(description).remarks, ['note SERVE_SERVER_WELLKNOWN'])
    t.equal(importFrom(description).environment['SERVER_NAME'], 'example.com')
    t.strictSame(hosts.map(({ host }) => host), ['example.com', 'matrix.example.com'])
    t.notOk(isIncomplete)
  }
})

t.test('an IP address has no host named matrix', async t => {
  const { hosts, description, isIncomplete } = await fetchFrom(await start(t), '45.0.0.9')
  t.equal(hosts.length, 1)
  t.equal(description.documents.size, 0)
  t.ok(isIncomplete)
})

t.test('redirects are followed as readers do', async t => {
  const moved = (to: string): Changes => ({ site: { [path('server')]: redirect(to), [path('client')]: redirect(to) } })
  const target = (name: string): NonNullable<Changes['hosts']> => ({
    '45.0.0.4:443': {
      certificate: [`DNS:${name}`],
      handler: route({
        [path('server')]: wellKnown(healthyDocuments.server), [path('client')]: wellKnown(healthyDocuments.client)
      })
    }
  })
  const records = { 'www.example.com': { A: ['45.0.0.4'] } }
  const site = {
    [path('server')]: redirect('https://www.example.com/.well-known/matrix/server'),
    [path('client')]: redirect('https://www.example.com/.well-known/matrix/client')
  }
  const good = await fetchFrom(await start(t, { site, records, hosts: target('www.example.com') }))
  t.strictSame(Object.fromEntries(good.description.documents), healthyDocuments)
  const untrusted = await fetchFrom(await start(t, { site, records, hosts: target('other.example.com') }))
  t.strictSame([...untrusted.description.documents.keys()], ['support', 'policy_server'])
  t.ok(untrusted.isIncomplete)
  for (const to of ['/.well-known/matrix/server', 'ftp://example.com/', 'https://nowhere.example/']) {
    const { description, isIncomplete } = await fetchFrom(await start(t, moved(to)))
    t.strictSame([...description.documents.keys()], ['support', 'policy_server'], to)
    t.ok(isIncomplete, to)
  }
})

t.test('over http://, only servers read a document', async t => {
  const site = Object.fromEntries(['server', 'client'].map(name =>
    [path(name), redirect(`http://www.example.com/.well-known/matrix/${name}`)]))
  const http = route({
    [path('server')]: wellKnown(healthyDocuments.server),
    [path('client')]: wellKnown(healthyDocuments.client)
  })
  const { description } = await fetchFrom(await start(t, {
    site, records: { 'www.example.com': { A: ['45.0.0.4'] } }, hosts: { '45.0.0.4:80': { http } }
  }))
  t.strictSame([...description.documents.keys()], ['server', 'support', 'policy_server'])
})

t.test("the next address is asked if one doesn't respond", async t => {
  const { description } = await fetchFrom(await start(t, {
    records: { 'example.com': { A: ['45.0.0.9', '45.0.0.2'] } }
  }))
  t.equal(description.documents.size, 4)
})

t.test("what is wrong only around a document doesn't matter", async t => {
  const text = JSON.stringify(healthyDocuments.client)
  const encoded = { [path('client')]: respondWith(text, { headers: { 'Content-Encoding': 'gzip' } }) }
  const { description } = await fetchFrom(await start(t, { site: encoded }))
  t.strictSame(description.documents.get('client'), healthyDocuments.client, 'a Content-Encoding that is wrong')
  const bodies = [
    `\ufeff${text}\nx`, `\ufeff${text}`, `${text}\n<!-- cached -->`, text,
    `// for clients\n${text.replace(/}$/, ',}')}`, `\ufeff${text.replaceAll('"', "'")}\nx`
  ]
  for (const body of bodies) {
    const site = { [path('client')]: respondWith(body, { headers: { 'Content-Type': 'text/plain' } }) }
    const { description } = await fetchFrom(await start(t, { site }))
    t.strictSame(description.documents.get('client'), healthyDocuments.client, body)
    t.strictSame(importFrom(description).remarks, [], body)
  }
})

t.test("what is no document isn't imported", async t => {
  const bad: [response: Parameters<typeof route>[0][string], isIncomplete: boolean][] = [
    [html('404'), false],
    [matrixError(403, 'M_FORBIDDEN'), false],
    [json([1]), false],
    [respondWith('{"m.server":'), false],
    [respondWith('{}{'), false],
    [respondWith('x{}'), false],
    [respondWith(''), false],
    [matrixError(500, 'M_UNKNOWN'), true],
    [matrixError(429, 'M_LIMIT_EXCEEDED'), true],
    [respondWith(' '.repeat(200_000)), true],
    [(_request, response) => response.destroy(), true],
    [() => {}, true]
  ]
  for (const [index, [response, isIncomplete]] of bad.entries()) {
    const source = await fetchFrom(await start(t, { site: { [path('server')]: response } }))
    const { remarks } = importFrom(source.description)
    t.equal(source.isIncomplete, isIncomplete, `${index}`)
    t.strictSame(source.description.documents.get('server'), index === 4 ? {} : undefined, `${index}`)
    t.ok(remarks.includes('note SERVE_SERVER_WELLKNOWN'), `${index}`)
    const isMeant = [2, 3, 4, 5].includes(index)
    t.equal(remarks.includes('left-out M_SERVER'), isIncomplete || isMeant, `${index}`)
    const expected = index === 1 ? ' serves no /' : isIncomplete ? "/server couldn't be fetched" : "/server isn't a "
    t.ok(source.description.withoutServer.includes(expected), source.description.withoutServer)
  }
})

t.test('max-age is taken over if the documents agree on it', async t => {
  const aged = (name: 'server' | 'client', value: string): Changes['site'] =>
    ({ [path(name)]: wellKnown(healthyDocuments[name], { headers: { 'Cache-Control': value } }) })
  const ages: [site: Changes['site'], age: number | undefined][] = [
    [{}, 3600],
    [{ ...aged('server', 'max-age=600'), ...aged('client', 'max-age=600') }, undefined],
    [{ ...aged('server', 'no-cache'), ...aged('client', 'max-age="5"') }, 3600],
    [{ ...none, ...aged('server', 'public, max-age=600') }, 600]
  ]
  for (const [site = {}, age] of ages) {
    t.equal((await fetchFrom(await start(t, { site }))).description.cacheMaxAge, age, JSON.stringify(Object.keys(site)))
  }
})

t.test("a host whose certificate isn't trusted is not believed", async t => {
  const { hosts } = describeHealthyWorld()
  const apex = hosts['45.0.0.2:443']
  if (typeof apex !== 'object' || !('handler' in apex)) throw new Error('no handler')
  const certificate = sharedAuthority().issue({ names: ['DNS:other.example'] })
  const { description, isIncomplete } = await fetchFrom(await start(t, {
    hosts: { '45.0.0.2:443': { ...apex, certificate }, '45.0.0.3:443': undefined }
  }))
  t.equal(description.documents.size, 0)
  t.ok(isIncomplete)
})
