import t from 'tap'
import { aboutDocument, because, combineAlternatives, works } from '../../../src/check/readers/outcome.ts'

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

t.test('which of several outcomes a reader gets is unknown, and so is one without any', async t => {
  t.strictSame(combineAlternatives([works, because('fails', slow)], differ), because('unknown', differ, slow))
  t.strictSame(combineAlternatives([works, because('fails', slow)]), because('unknown', slow))
  t.strictSame(combineAlternatives([]), because('unknown'))
})
