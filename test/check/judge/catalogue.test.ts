import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { catalogue } from '../../../src/check/judge/catalogue.ts'
import type { FindingId, FindingKind } from '../../../src/check/judge/finding.ts'
import { describeFinding } from '../../../src/check/report/finding-text.ts'

t.test('every finding says in whole sentences what was found, why it matters and how to fix it', async t => {
  for (const [id, { severity, example = {} }] of Object.entries<FindingKind>(catalogue)) {
    const { what, why, fix, specification } = describeFinding({
      id: id as FindingId, severity, readers: [], area: 'documents', about: {}, parts: example, evidence: {}
    })
    for (const text of [what, why, fix]) {
      t.match(text, /^.*[.]$/, `${id}: ${text}`)
      t.notMatch(text, /undefined|\[object|NaN/, text)
    }
    t.match(specification.url, /^https:\/\//)
  }
})

t.test('ids name a topic and a finding', async t => {
  t.strictSame(Object.keys(catalogue).filter(id => !/^[a-z]+\.[a-z-]+$/.test(id)), [])
})

t.test('the findings that readers give as causes exist', async t => {
  const folder = new URL('../../../src/check/readers/', import.meta.url)
  const topics = new Set(Object.keys(catalogue).map(id => id.split('.')[0]))
  for (const file of readdirSync(folder)) {
    const text = readFileSync(new URL(file, folder), 'utf8')
    for (const [, id = '', topic] of text.matchAll(/'(([a-z]+)\.[a-z-]+)'/g)) {
      if (topics.has(topic)) t.ok(Object.hasOwn(catalogue, id), `${file}: ${id}`)
    }
  }
})
