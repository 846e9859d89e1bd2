import t from 'tap'
import { catalogue } from '../../../src/check/judge/catalogue.ts'
import type { FindingId, FindingKind } from '../../../src/check/judge/finding.ts'
import { describeFinding } from '../../../src/check/report/finding-text.ts'

t.test('every finding says in whole sentences what was found, why it matters and how to fix it', async t => {
  for (const [id, { severity, example = {} }] of Object.entries<FindingKind>(catalogue)) {
    const finding = { id: id as FindingId, severity, area: 'documents', about: {}, parts: example, evidence: {} } as const
    const { what, why, fix, specification } = describeFinding(finding)
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
