import t from 'tap'
import { aboutDocument, because, combineAlternatives, works } from '../../../src/check/readers/outcome.ts'
import type { Outcome } from '../../../src/check/readers/outcome.ts'

const slow = aboutDocument('client', 'document.slow')
const large = aboutDocument('client', 'document.large')
const differ = aboutDocument('client', 'document.split-brain')

t.test('outcomes that agree stay as they are, with all causes', async t => {
  t.strictSame(combineAlternatives([works, works], differ), works)
  t.strictSame(
    combineAlternatives([because('fails', slow), because('fails', large)], differ),
    because('fails', slow, large)
  )
})

t.test('outcomes that differ make something that works sometimes, or that is unknown', async t => {
  const combine = (...outcomes: readonly Outcome[]): Outcome =>
    combineAlternatives(outcomes.map(outcome => because(outcome, slow)), differ).outcome
  t.strictSame(combineAlternatives([works, because('fails', slow)], differ), because('sometimes', differ, slow))
  t.strictSame(combineAlternatives([works, because('fails', slow)]), because('sometimes', slow))
  t.equal(combine('fails', 'asks'), 'sometimes')
  t.equal(combine('unknown', 'works'), 'sometimes')
  t.equal(combine('fails', 'sometimes'), 'sometimes')
  t.equal(combine('fails', 'unknown'), 'unknown', 'it may never work')
  t.strictSame(combineAlternatives([]), because('unknown'))
})
