import t from 'tap'
import { vercel } from '../../src/export/vercel.ts'
import { publicationOf } from '../support/publication.ts'

const file = vercel.build(publicationOf()).files.find(({ path }) => path === 'vercel.json')
const text = file?.text ?? ''

interface Configuration {
  readonly headers: ReadonlyArray<{ readonly source: string, readonly headers: ReadonlyArray<{ key: string }> }>
}
const configuration: Configuration = JSON.parse(text)

t.test('all paths have CORS, those that are configured a type', async t => {
  const entries = configuration.headers.map(({ source, headers }) => [source, ...headers.map(({ key }) => key)])
  t.strictSame(entries, [
    [
      '/.well-known/matrix/(.*)', 'Access-Control-Allow-Origin', 'Access-Control-Allow-Methods',
      'Access-Control-Allow-Headers', 'X-Content-Type-Options'
    ],
    ['/.well-known/matrix/server', 'Cache-Control', 'Content-Type'],
    ...['client', 'support', 'policy_server'].map(name => [`/.well-known/matrix/${name}`, 'Cache-Control'])
  ])
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
