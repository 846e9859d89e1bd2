import t from 'tap'
import { vercel } from '../../src/export/vercel.ts'
import { publicationOf } from '../support/publication.ts'

const file = vercel.build(publicationOf()).files.find(({ path }) => path === 'vercel.json')
const text = file?.text ?? ''

interface Configuration {
  readonly headers: ReadonlyArray<{ readonly source: string, readonly headers: ReadonlyArray<{ key: string }> }>
}
const configuration: Configuration = JSON.parse(text)

t.test('each document of Matrix has headers, and those that are configured a type', async t => {
  const sources = ['server', 'client', 'support', 'policy_server'].map(name => `/.well-known/matrix/${name}`)
  t.strictSame(configuration.headers.map(({ source }) => source), sources)
  for (const { source, headers } of configuration.headers) {
    const keys = headers.map(({ key }) => key)
    t.ok(keys.includes('Access-Control-Allow-Origin'))
    t.equal(keys.includes('Content-Type'), source === sources[0], 'a 404 is Vercel\'s own page')
  }
})

t.test('the entries are found in a file that has others, too', async t => {
  const isIn = (existing: unknown): boolean | undefined =>
    file?.shared?.isIn(typeof existing === 'string' ? existing : JSON.stringify(existing))
  const other = { source: '/(.*)', headers: [{ key: 'X-Frame-Options', value: 'DENY' }] }
  t.equal(isIn(configuration), true)
  t.equal(isIn({ cleanUrls: true, headers: [null, other, ...configuration.headers.toReversed()] }), true)
  for (const existing of [
    '', '{', 'null', '[]', {}, { headers: {} }, { headers: [] }, { headers: [other] },
    { headers: configuration.headers.slice(1) },
    text.replace('application/json', 'text/plain')
  ]) t.equal(isIn(existing), false, JSON.stringify(existing))
})
