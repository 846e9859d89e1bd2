import t from 'tap'
import { checkWorld } from '../../support/check-world.ts'
import { healthyDocuments, startHealthyWorld } from '../../support/healthy-world.ts'
import type { Changes } from '../../support/healthy-world.ts'
import { html, json, matrixError, wellKnown, withoutCors } from '../../support/responses.ts'

const server = 'GET /.well-known/matrix/server'
const client = 'GET /.well-known/matrix/client'
const notFound = matrixError(404, 'M_NOT_FOUND', 'Not found')
const delegation = { 'm.server': 'matrix.example.com:443' }

/** What is different about a healthy site, and the worst that is found. */
const cases: Readonly<Record<string, readonly [changes: Changes, worst: string]>> = {
  'no web server': [{ hosts: { '45.0.0.2:443': undefined } }, 'failure: document.unreachable'],
  'no address': [{ records: { 'example.com': undefined } }, 'failure: discovery.no-address'],
  'a certificate for another host': [
    { hosts: { '45.0.0.2:443': { certificate: ['DNS:example.net'], handler: wellKnown(delegation) } } },
    'failure: certificate.name'
  ],
  'an error of the proxy': [{ site: { [client]: html('Bad Gateway', { status: 502 }) } }, 'failure: document.status'],
  'a web page for clients': [{ site: { [client]: html('Welcome') } }, 'failure: document.html'],
  'no CORS for clients': [
    { site: { [client]: json(healthyDocuments.client, { headers: withoutCors }) } }, 'failure: cors.missing'
  ],
  'a URL as m.server': [
    { site: { [server]: json({ 'm.server': 'https://matrix.example.com' }) } }, 'failure: document.invalid'
  ],
  'a web page for clients at one of two addresses': [
    {
      records: { 'example.com': { A: ['45.0.0.2', '45.0.0.4'] } },
      hosts: { '45.0.0.4:443': { certificate: ['DNS:example.com'], handler: html('Welcome') } }
    },
    'warning: document.split-brain'
  ],
  // Other servers may find the homeserver without it.
  'a web page for servers': [{ site: { [server]: html('Welcome') } }, 'warning: document.html'],
  'neither /server nor /client': [{ site: { [server]: notFound, [client]: notFound } }, 'nothing']
}

t.test('if only the documents are checked, what keeps readers from them is a failure', async t => {
  for (const [title, [changes, worst]] of Object.entries(cases)) {
    const { findings: [first], verdict } = await checkWorld(await startHealthyWorld(t, changes), { only: 'documents' })
    t.equal(first === undefined ? 'nothing' : `${first.severity}: ${first.id}`, worst, title)
    t.match(verdict, { federation: 'unchecked', clients: 'unchecked' }, title)
  }
})

t.test('servers do not read the document of a name with a port', async t => {
  const site = { [server]: json({ 'm.server': 'https://matrix.example.com' }) }
  const world = await startHealthyWorld(t, { site })
  const { verdict: { failures } } = await checkWorld(world, { only: 'documents', serverName: 'example.com:8448' })
  t.equal(failures, 0)
})
