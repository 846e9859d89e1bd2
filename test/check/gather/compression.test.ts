import type { RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { wellKnown } from '../../support/responses.ts'
import { checkWorld } from '../../support/check-world.ts'
import { healthyDocuments, startHealthyWorld } from '../../support/healthy-world.ts'
import { expectSummary, summarize } from '../../support/summary.ts'

const path = 'GET /.well-known/matrix/client'

/** Compresses this document for those that ask for it, and only for them. */
function compressed (document: unknown, plain: RequestListener): RequestListener {
  return (request, response) => {
    if (request.headers['accept-encoding']?.includes('gzip') !== true) return plain(request, response)
    response.setHeader('Content-Encoding', 'gzip')
    response.setHeader('Content-Type', 'application/json')
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.end(gzipSync(JSON.stringify(document)))
  }
}

t.test('reads a document that is compressed for browsers', async t => {
  const { client } = healthyDocuments
  const world = await startHealthyWorld(t, { site: { [path]: compressed(client, wellKnown(client)) } })
  const report = await checkWorld(world)
  t.strictSame(summarize(report), expectSummary({}))
})

t.test('finds a compressed copy that is out of date', async t => {
  const { client } = healthyDocuments
  const old = { ...client, 'com.example.old': 1 }
  const report = await checkWorld(await startHealthyWorld(t, { site: { [path]: compressed(old, wellKnown(client)) } }))
  t.match(report.findings.find(({ id }) => id === 'document.user-agent'), { fix: /a compressed copy, purge it/ })
})
