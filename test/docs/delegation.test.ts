import { request } from 'node:http'
import type { RequestListener } from 'node:http'
import t from 'tap'
import type { Test } from 'tap'
import { renderText } from '../../src/check/report/text.ts'
import { checkWorld } from '../support/check-world.ts'
import { startCli } from '../support/cli.ts'
import type { DnsRecords } from '../support/dns-server.ts'
import { buildHomeserver } from '../support/homeserver.ts'
import { compareOutput, readPage } from '../support/pages.ts'
import { route } from '../support/route.ts'
import { startWorld } from '../support/world.ts'

const page = 'docs/delegation.md'

/** Settings on the page, and what is served and found with them. */
interface Example {
  readonly heading: string
  readonly settings: string
  readonly documents: readonly { readonly path: string, readonly body: string }[]
  /** The first paragraph of the report, and what is before it, from the settings on. */
  readonly verdict: string | undefined
  readonly marker: string
}

function readExamples (): Example[] {
  const [start = '', ...parts] = readPage(page).split(/^(?=```env\n)/m)
  return parts.map((part, index) => {
    const before = [start, ...parts.slice(0, index)].join('')
    const [settings = ''] = /(?<=^```env\n).*?(?=^```$)/ms.exec(part) ?? []
    const documents = part.matchAll(/^`(\/\.well-known\/[a-z/]+)`[^`]*:\n\n```json\n(.*?)\n?```$/gms)
    const [, marker = '', verdict] = /^(.*?^```text\n)(.*?)^```$/ms.exec(part) ?? []
    return {
      heading: before.match(/^#+ .*$/gm)?.at(-1) ?? '',
      settings,
      // The page may break its lines.
      documents: [...documents].map(([, path = '', json = '']) => ({ path, body: JSON.stringify(JSON.parse(json)) })),
      verdict,
      marker
    }
  })
}

/** What is at an address: a certificate for this name, and the documents, the homeserver or both. */
interface Host {
  readonly name: string
  readonly documents?: true
  readonly homeserver?: true
}

const site = { '45.0.0.2:443': { name: 'example.com', documents: true } } as const
const elsewhere = { '45.0.0.3:443': { name: 'matrix.example.com', homeserver: true } } as const
const port8448 = { ...site, '45.0.0.2:8448': { name: 'example.com', homeserver: true } } as const

/** Where the homeserver of each example is. */
const places: readonly { heading: string, serverName?: string, hosts: Readonly<Record<string, Host>> }[] = [
  { heading: '### External server', hosts: { ...site, ...elsewhere } },
  {
    heading: '### External server',
    hosts: { ...site, ...elsewhere, '45.0.0.3:8448': { name: 'matrix.example.com', homeserver: true } }
  },
  {
    heading: '### Serving a `.well-known/matrix/server` file with Synapse',
    hosts: { '45.0.0.2:443': { name: 'example.com', documents: true, homeserver: true } }
  },
  {
    heading: '## SRV DNS record delegation',
    hosts: { ...site, ...elsewhere, '45.0.0.3:8448': { name: 'example.com', homeserver: true } }
  },
  { heading: '## Settings for clients', hosts: { ...site, ...elsewhere } },
  { heading: '### When do I need delegation?', hosts: port8448 },
  { heading: '### A server name with a port', serverName: 'example.com:8448', hosts: port8448 }
]

/** The record in the section on SRV, as a DNS server has it. */
function readSrvRecord (): DnsRecords {
  const record = /^(\S+)\. \d+ IN SRV (\d+) (\d+) (\d+) (\S+)\.$/m.exec(readPage(page))
  const [, name = '', priority, weight, port, target = ''] = record ?? []
  return { [name]: { SRV: [{ priority: Number(priority), weight: Number(weight), port: Number(port), target }] } }
}

/** Passes requests on unchanged, as a proxy does. */
function passTo (port: number): RequestListener {
  return (incoming, outgoing) => {
    const { method, url, headers } = incoming
    request({ port, method, path: url, headers }, response => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(outgoing)
    }).end()
  }
}

/** Starts the command with these settings, and returns its port. */
async function serveExample (t: Test, settings: string): Promise<number> {
  const running = startCli(t, [], { PORT: '0', HOST: '127.0.0.1' }, { cwd: t.testdir({ '.env': settings }) })
  const { address } = JSON.parse(await running.lineWith('serving the well-known documents'))
  return Number(new URL(address).port)
}

const examples = readExamples()

t.test('every example on the page is tested here', async t => {
  t.strictSame(examples.map(({ heading }) => heading), places.map(({ heading }) => heading))
  for (const { heading, documents, verdict } of examples) t.ok(documents.length > 0 && verdict !== undefined, heading)
})

for (const [index, { heading, settings, documents, verdict, marker }] of examples.entries()) {
  t.test(`${heading}, example ${index + 1}`, async t => {
    const port = await serveExample(t, settings)
    for (const { path, body } of documents) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`)
      t.equal(await response.text(), body, path)
      t.equal(response.status, body.startsWith('{"errcode"') ? 404 : 200, path)
    }

    const { hosts = {}, serverName = 'example.com' } = places[index] ?? {}
    const listen = ({ name, documents, homeserver }: Host): { certificate: string[], handler: RequestListener } => {
      const pass = documents && passTo(port)
      const routes = { '/.well-known/matrix/server': pass, '/.well-known/matrix/client': pass }
      return {
        certificate: [`DNS:${name}`],
        handler: homeserver ? buildHomeserver({ serverName, routes }) : route(routes)
      }
    }
    const world = await startWorld(t, {
      records: {
        'example.com': { A: ['45.0.0.2'] },
        'matrix.example.com': { A: ['45.0.0.3'] },
        ...heading.includes('SRV') ? readSrvRecord() : {}
      },
      hosts: Object.fromEntries(Object.entries(hosts).map(([place, host]) => [place, listen(host)]))
    })
    const report = renderText(await checkWorld(world, { serverName }), { colour: false, glyphs: true })
    const [headline = ''] = report.split('\n\n')
    compareOutput(t, { page, text: heading, output: verdict, marker }, headline)
  })
}
