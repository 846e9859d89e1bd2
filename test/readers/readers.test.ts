import fc from 'fast-check'
import t from 'tap'
import type { Test } from 'tap'
import { sharedAuthority } from '../support/certificates.ts'
import { startChromium } from './chromium/chromium.ts'
import { configurations } from './configurations/configurations.ts'
import type { Configuration } from './configurations/configuration.ts'
import { configuration } from './generator/generator.ts'
import { startJsSdk } from './js-sdk/js-sdk.ts'
import { startRuma } from './ruma/ruma.ts'
import { serveAndRead } from './serve-and-read.ts'
import { startSynapse } from './synapse/synapse.ts'

/** How many sidecars run at a time: each has some 60 MB. */
const batchSize = 24
/** READERS=long generates many more. */
const generated = process.env.READERS === 'long' ? 1_200 : 48
/** What makes a run repeatable: SEED, or one of its own. */
const seed = Number(process.env.SEED ?? Date.now() % 1e9)

const authority = sharedAuthority()
const starts = [startJsSdk, startChromium, startRuma, startSynapse]
const readers = (await Promise.all(starts.map(async start => await start(t, authority))))
  .filter(reader => reader !== undefined)

await t.test('a reader is installed', async t => {
  t.comment(`readers: ${readers.map(({ name }) => name).join(', ')}`)
  t.not(readers.length, 0)
})

await t.test(`${configurations.length} configurations are read as they are meant`, async t => {
  const { refused, served } = await readBatches(t, configurations)
  t.comment(`${served} served, ${refused} refused`)
  t.ok(served >= 40, 'enough of them are served')
})

await t.test(`${generated} generated configurations are refused or read as they are meant`, async t => {
  t.comment(`SEED=${seed}`)
  const all = Array.from({ length: generated }, (_, number) =>
    fc.sample(configuration(number), { numRuns: 1, seed: seed + number })).flat()
  const { refused, served } = await readBatches(t, all)
  t.comment(`${served} served, ${refused} refused`)
  t.ok(served >= generated / 8, 'enough of them are served')
})

/** How many configurations the server served and refused. */
interface Tally {
  readonly served: number
  readonly refused: number
}

async function readBatches (t: Test, all: readonly Configuration[]): Promise<Tally> {
  let served = 0
  for (let start = 0; start < all.length; start += batchSize) {
    const batch = all.slice(start, start + batchSize)
    await t.test(`${start + 1} to ${start + batch.length}`, async t => { served += await readBatch(t, batch) })
  }
  return { served, refused: all.length - served }
}

/** Resolves with how many configurations were served. */
async function readBatch (t: Test, batch: readonly Configuration[]): Promise<number> {
  const results = await serveAndRead(t, authority, readers, batch)
  for (const { configuration: { outcome, settings, title }, refusal, readings } of results) {
    if (refusal !== undefined && outcome === 'served') t.fail(`refused: ${title}`, { settings, refusal })
    for (const { document, meant, read, reader } of readings) {
      t.strictSame(read, meant, `${reader} reads /${document}: ${title}`, { settings })
    }
  }
  return results.filter(({ refusal }) => refusal === undefined).length
}
