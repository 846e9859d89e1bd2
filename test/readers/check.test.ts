import fc from 'fast-check'
import t from 'tap'
import type { Test } from 'tap'
import { checkServer } from '../../src/check/check.ts'
import type { Report } from '../../src/check/check.ts'
import { sharedAuthority } from '../support/certificates.ts'
import { clientResponses } from './check/client-responses.ts'
import { generatedClientResponse, generatedServerResponse } from './check/generated-responses.ts'
import { makeNameWorld } from './check/name-worlds.ts'
import type { NameWorld, NameWorldOptions } from './check/name-worlds.ts'
import type { Published } from './check/published.ts'
import { realOutcome } from './check/real-outcome.ts'
import { serverResponses, wrongPort } from './check/server-responses.ts'
import { startChromium } from './chromium/chromium.ts'
import { startJsSdk } from './js-sdk/js-sdk.ts'
import type { Reader, Reading } from './reader.ts'
import { startRuma } from './ruma/ruma.ts'
import { startSynapse } from './synapse/synapse.ts'
import { startWorld } from './world/world.ts'

/** READERS=long generates many more. */
const generated = process.env.READERS === 'long' ? 400 : 40
/** What makes a run repeatable: SEED, or one of its own. */
const seed = Number(process.env.SEED ?? Date.now() % 1e9)
/** How many names are read at a time: more, and readers reach their own time limits. */
const parallel = 2
/** How many worlds exist at a time: one certificate is for all their names, and OpenSSL reads at most 100 kB of it. */
const batchSize = 400
/** One that is not private, so that readers connect to it. */
const address = '45.0.0.1'

const authority = sharedAuthority()
const sample = { numRuns: generated, seed }
const choices: Array<Omit<NameWorldOptions, 'index'>> = [
  ...[...serverResponses, ...fc.sample(generatedServerResponse, sample)].flatMap(published => [
    { document: 'server' as const, published, homeserverAt: 'delegated name' as const },
    { document: 'server' as const, published, homeserverAt: 'server name' as const }
  ]),
  ...[...clientResponses, ...fc.sample(generatedClientResponse, sample)]
    .map(published => ({ document: 'client' as const, published, homeserverAt: 'both' as const }))
]
/** A part of the titles of the worlds that are wanted. */
const only = process.env.ONLY
const worlds = choices.map((choice, index) => makeNameWorld({ ...choice, index }))
  .filter(({ title }) => only === undefined || title.includes(only))
const byHost = new Map(worlds.flatMap(world => world.hosts.map(host => [host, world])))

await t.test('there are enough worlds', { skip: only !== undefined }, async t => { t.ok(worlds.length >= 100) })

const batches = Array.from({ length: Math.ceil(worlds.length / batchSize) }, (_, index) =>
  worlds.slice(index * batchSize, (index + 1) * batchSize))
for (const [index, batch] of batches.entries()) {
  await t.test(`check says what real readers do (SEED=${seed}, ${index + 1} of ${batches.length})`, async t => {
    await compareAll(t, batch)
  })
}

async function compareAll (t: Test, worlds: readonly NameWorld[]): Promise<void> {
  await startWorld(t, {
    authority,
    sites: [],
    address,
    hosts: worlds.flatMap(({ hosts }) => hosts),
    wrongPort,
    records: Object.assign({}, ...worlds.map(({ records }) => records)),
    homeserver (request, response) {
      const world = worldOf(request.headers.host ?? '')
      if (world === undefined) response.writeHead(404).end()
      else world.handle(request, response)
    }
  })
  const options = { app: 'https://app.example.net/', hostRules: undefined }
  const starts = [
    startJsSdk(t, authority), startChromium(t, authority, options), startRuma(t, authority), startSynapse(t, authority)
  ]
  const readers = (await Promise.all(starts)).filter(reader => reader !== undefined)
  t.comment(`${worlds.length} worlds; readers: ${readers.map(({ name }) => name).join(', ')}`)
  const waiting = [...worlds]
  await Promise.all(Array.from({ length: parallel }, async () => {
    for (let world = waiting.shift(); world !== undefined; world = waiting.shift()) {
      const { title, document, published } = world
      // On a busy machine, a reader may reach its time limit: matrix-js-sdk has 5 s.
      const first = await compareIn(world, readers)
      const results = first.every(agrees) ? first : await compareIn(world, readers)
      for (const result of results) {
        const name = `${result.reader}, /${document}: ${title}`
        if (agrees(result)) t.pass(name)
        else t.fail(name, { ...result, published })
      }
    }
  }))
}

function worldOf (authority: string): NameWorld | undefined {
  const host = authority.replace(/:\d+$/, '').replace(/\.$/, '').toLowerCase()
  return byHost.get(host) ?? byHost.get(host.replace(/^.*(?=\bw\d+\.example\.com$)/, ''))
}

/** What `check` says of a reader, and what that does. */
interface Comparison {
  readonly reader: string
  readonly checked: string | undefined
  readonly real: string
  readonly reason: string | null | undefined
  readonly reading: Reading
}

function agrees ({ checked, real }: Comparison): boolean {
  return checked === real
}

async function compareIn (world: NameWorld, readers: readonly Reader[]): Promise<Comparison[]> {
  const { serverName, document } = world
  const part = document === 'server' ? 'federation' : 'client'
  const [report, ...readings] = await Promise.all([
    checkServer(serverName, { only: part, ca: [authority.certificate] }),
    ...readers.filter(reader => reads(reader, world)).map(async reader => {
      const reading = await reader.read(serverName, document)
      return { reader: reader.name, reading, real: await realOutcome(reader.name, reading, authority.file) }
    })
  ])
  return readings.map(reading => {
    const verdict = verdictOn(reading.reader, report)
    return { ...reading, checked: verdict?.outcome, reason: verdict?.reason }
  })
}

/** Whether a reader can be compared in a world. */
function reads ({ name, documents }: Reader, { document, published }: NameWorld): boolean {
  // It is given the documents of servers as well, but no server reads them with it.
  if (name === 'ruma' && (document === 'server' || published.isBeyondRuma === true)) return false
  // In Node, it knows neither CORS nor mixed content; check has no such reader.
  if (name === 'matrix-js-sdk' && isAboutBrowsers(published)) return false
  return documents.includes(document)
}

function isAboutBrowsers (published: Published): boolean {
  const headers = [published, published.target, published.versions].flatMap(part => Object.keys(part?.headers ?? {}))
  return headers.some(name => name.startsWith('Access-Control-') || name === 'Cross-Origin-Resource-Policy') ||
    JSON.stringify(published).includes('http://')
}

type ReaderVerdict = Report['verdict']['readers'][keyof Report['verdict']['readers']]

function verdictOn (reader: string, { verdict: { readers } }: Report): ReaderVerdict {
  if (reader === 'Synapse') return readers.synapse
  return reader === 'ruma' ? readers['element-x'] : readers['element-web']
}
