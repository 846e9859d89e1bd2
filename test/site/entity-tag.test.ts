import fc from 'fast-check'
import t from 'tap'
import { buildEntityTag } from '../../src/site/entity-tag.ts'

t.test('an entity tag is the same for the same text, and another for any other', async t => {
  t.match(buildEntityTag('{"m.server":"matrix.example.com:443"}'), /^"[0-9a-f]{16}"$/)
  t.equal(buildEntityTag('{}'), buildEntityTag('{}'))
  const texts = new Set(fc.sample(fc.string({ unit: 'grapheme', maxLength: 60 }), { numRuns: 5_000, seed: 1 }))
  for (let port = 0; port < 65_536; port++) texts.add(`{"m.server":"matrix.example.com:${port}"}`)
  t.equal(new Set([...texts].map(buildEntityTag)).size, texts.size)
})
