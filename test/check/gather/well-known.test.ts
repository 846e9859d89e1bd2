import type { RequestListener } from 'node:http'
import { test } from 'tap'
import { redirect, wellKnown } from '../../support/responses.ts'
import { endlessRedirects } from '../../support/bad-bodies.ts'
import { checkWorld } from '../../support/check-world.ts'
import { healthyDocuments, startHealthyWorld } from '../../support/healthy-world.ts'
import type { Changes } from '../../support/healthy-world.ts'
import { expectServers, serverOutcomesOf } from '../../support/outcomes.ts'
import type { ServerOutcomes } from '../../support/outcomes.ts'
import { route } from '../../support/route.ts'
import type { Routes } from '../../support/route.ts'
import type { HttpsHost } from '../../support/world.ts'

const path = '/.well-known/matrix/server'
const key = `GET ${path}`
const document = wellKnown(healthyDocuments.server)

function www (routes: Routes, certificate: readonly string[] = ['DNS:www.example.com']): Changes {
  const host: HttpsHost = { certificate, handler: route(routes) }
  return {
    records: { 'www.example.com': { A: ['45.0.0.5'] } },
    hosts: { '45.0.0.5:443': host, '45.0.0.5:8443': host }
  }
}

/** How `/server` is redirected, and the URLs that are asked, from the second on. */
const followed: Readonly<
  Record<string, Changes & {
    readonly to: string
    readonly status?: number
    readonly urls: readonly string[]
    readonly outcomes?: ServerOutcomes
    readonly finding?: object
  }>
> = {
  'to another path': { to: '/other', site: { 'GET /other': document }, urls: ['https://example.com/other'] },
  'to a path beside it': {
    to: 'other?query#fragment',
    site: { 'GET /.well-known/matrix/other': document },
    urls: ['https://example.com/.well-known/matrix/other?query']
  },
  'with 308': { to: '/other', status: 308, site: { 'GET /other': document }, urls: ['https://example.com/other'] },
  'to another host': {
    to: `https://www.example.com${path}`,
    ...www({ [key]: document }),
    urls: [`https://www.example.com${path}`]
  },
  'to another host, whose scheme is left out': {
    to: `//WWW.example.com${path}`,
    ...www({ [key]: document }),
    urls: [`https://www.example.com${path}`]
  },
  'to another port': {
    to: 'https://www.example.com:8443/other',
    ...www({ 'GET /other': document }),
    urls: ['https://www.example.com:8443/other']
  },
  'to an address': {
    to: 'https://[2a00:db8::5]/other',
    hosts: { '[2a00:db8::5]:443': { certificate: ['IP:2a00:db8::5'], handler: document } },
    urls: ['https://[2a00:db8::5]/other']
  },
  'twice, and back to the host': {
    to: 'https://www.example.com/a',
    ...www({ 'GET /a': redirect('https://example.com/b') }),
    site: { 'GET /b': document },
    urls: ['https://www.example.com/a', 'https://example.com/b']
  },
  'to http': {
    to: `http://www.example.com${path}`,
    records: { 'www.example.com': { A: ['45.0.0.5'] } },
    hosts: { '45.0.0.5:80': { http: document } },
    urls: [`http://www.example.com${path}`],
    finding: { id: 'document.redirect-http', severity: 'warning', what: /^It is redirected to "http:.*", without TLS/ }
  },
  'four times': { to: '/1', site: chain(4), urls: urlsOfChain(4) },
  'five times': { to: '/1', site: chain(5), urls: urlsOfChain(5), outcomes: expectServers({ tuwunel: 'fails' }) },
  'eleven times': {
    to: '/1',
    site: chain(11),
    urls: urlsOfChain(11),
    outcomes: expectServers({ tuwunel: 'fails', dendrite: 'fails' })
  },
  'twenty times': {
    to: '/1',
    site: chain(20),
    urls: urlsOfChain(20),
    outcomes: expectServers({ tuwunel: 'fails', dendrite: 'fails' })
  }
}

/** Redirects from /1 to /2 and so on, to the document at the last. */
function chain (length: number): Routes {
  return Object.fromEntries(
    Array.from({ length }, (_, i) => [`GET /${i + 1}`, i + 1 === length ? document : redirect(`/${i + 2}`)])
  )
}

function urlsOfChain (length: number): string[] {
  return Array.from({ length }, (_, i) => `https://example.com/${i + 1}`)
}

for (const [title, { to, status = 302, urls, outcomes, finding, site, ...changes }] of Object.entries(followed)) {
  test(`follows a redirect ${title}`, async t => {
    const world = await startHealthyWorld(t, { ...changes, site: { ...site, [key]: redirect(to, { status }) } })
    const report = await checkWorld(world, { only: 'federation' })
    t.strictSame(
      report.documents.map(({ urls, content }) => ({ urls, content })),
      [{ urls: [`https://example.com${path}`, ...urls], content: healthyDocuments.server }]
    )
    t.match(report.findings, [
      {
        id: 'document.redirect',
        severity: outcomes === undefined ? 'notice' : 'failure',
        subject: path,
        what: /^It is redirected to https:/,
        ...finding
      }
    ])
    t.equal(report.findings.length, 1)
    t.match(report.federation?.endpoint, { step: '3.2' })
    t.strictSame(serverOutcomesOf(report), outcomes ?? expectServers())
  })
}

/** How `/server` is redirected, and what is said of that. */
const broken: Readonly<Record<string, Changes & { readonly server: RequestListener; readonly what: string | RegExp }>> =
  {
    'to itself': { server: redirect(path), what: `The redirect is a loop: "${path}".` },
    'in a loop': {
      server: redirect('https://www.example.com/'),
      ...www({ 'GET /': redirect(`https://example.com${path}`) }),
      what: `The redirect is a loop: "https://example.com${path}".`
    },
    'that never ends': { server: endlessRedirects(), what: /^The redirect has more than 20 hops: / },
    'twenty-one times': { server: redirect('/1'), site: chain(21), what: 'The redirect has more than 20 hops: "/21".' },
    'to http that refuses': {
      server: redirect(`http://example.com${path}`),
      what: `The redirect leads to http://example.com${path}, which doesn't respond.`
    },
    'to a file': {
      server: redirect('file:///etc/passwd'),
      what: 'The redirect leads to something other than a plain http:// or https:// URL: "file:///etc/passwd".'
    },
    "to something that isn't a URL": {
      server: redirect('https://:0'),
      what: 'The redirect leads to something other than a plain http:// or https:// URL: "https://:0".'
    },
    'to nothing': { server: redirect(''), what: 'The redirect is a loop: "".' },
    'with a user name and a password': {
      server: redirect('https://user:password@www.example.com/'),
      what: 'The redirect leads to something other than a plain http:// or https:// URL: ' +
        '"https://***@www.example.com/".'
    },
    'to a host without an address': {
      server: redirect('https://nowhere.example.com/'),
      what: 'The redirect leads to a host without an address: "https://nowhere.example.com/".'
    },
    'to a host that refuses': {
      server: redirect('https://www.example.com:1/'),
      ...www({}),
      what: "The redirect leads to https://www.example.com:1/, which doesn't respond."
    }
  }

for (const [title, { server, what, site, ...changes }] of Object.entries(broken)) {
  test(`does not follow a redirect ${title}`, async t => {
    const world = await startHealthyWorld(t, { ...changes, site: { ...site, [key]: server } })
    const report = await checkWorld(world, { only: 'federation' })
    t.match(
      report.findings.find(({ id }) => id === 'document.redirect-broken'),
      { severity: 'failure', subject: path, what }
    )
    t.match(report, {
      federation: { endpoint: { step: '6' } },
      documents: [{ content: null }],
      verdict: { federation: 'fails' }
    })
    t.ok((report.documents[0]?.urls.length ?? 99) <= 21)
  })
}

test('names the host of a redirect, and what is wrong there', async t => {
  const world = await startHealthyWorld(t, {
    ...www({ 'GET /other': document }, ['DNS:other.example.com']),
    site: { [key]: redirect('https://www.example.com:8443/other') }
  })
  const report = await checkWorld(world, { only: 'federation' })
  t.match(
    report.findings.find(({ id }) => id === 'certificate.name'),
    {
      subject: 'www.example.com:8443 at 45.0.0.5',
      what: 'The certificate is for other.example.com, not for www.example.com.'
    }
  )
})

test('goes on to the next address of a host to which it is redirected', async t => {
  const { records, hosts } = www({ [key]: document })
  const world = await startHealthyWorld(t, {
    records: { ...records, 'www.example.com': { A: ['45.0.0.6', '45.0.0.5'] } },
    ...(hosts && { hosts }),
    site: { [key]: redirect(`https://www.example.com${path}`) }
  })
  const report = await checkWorld(world, { only: 'federation' })
  t.match(report.documents, [{ content: healthyDocuments.server }])
})
