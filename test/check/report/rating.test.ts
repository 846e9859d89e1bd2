import t from 'tap'
import { rateVerdict } from '../../../src/check/report/rating.ts'
import type { Rating } from '../../../src/check/report/rating.ts'
import type { Verdict } from '../../../src/check/report/verdict.ts'

const good: Verdict = { federation: 'works', clients: 'works', readers: {}, failures: 0, warnings: 0, notices: 0 }

t.test('what fails comes first, then what could not be checked, then warnings', t => {
  const cases: Array<[changes: Partial<Verdict>, rating: Rating, strict: Rating]> = [
    [{}, 'works', 'works'],
    [{ notices: 3 }, 'works', 'works'],
    [{ federation: 'unchecked' }, 'works', 'works'],
    [{ warnings: 1 }, 'warning', 'fails'],
    [{ clients: 'asks' }, 'warning', 'fails'],
    [{ federation: 'sometimes' }, 'warning', 'fails'],
    [{ clients: 'sometimes' }, 'warning', 'fails'],
    [{ federation: 'unknown', warnings: 1 }, 'unknown', 'fails'],
    [{ clients: 'unknown' }, 'unknown', 'unknown'],
    [{ federation: 'fails', clients: 'unknown', failures: 1 }, 'fails', 'fails'],
    [{ clients: 'web-fails', failures: 1 }, 'fails', 'fails'],
    [{ federation: 'partly' }, 'fails', 'fails']
  ]
  for (const [changes, rating, strict] of cases) {
    t.equal(rateVerdict({ ...good, ...changes }), rating, JSON.stringify(changes))
    t.equal(rateVerdict({ ...good, ...changes }, true), strict, `${JSON.stringify(changes)}, strict`)
  }
  t.end()
})
