import t from 'tap'
import { countNouns, formatCount } from '../../src/matrix/format-count.ts'

t.test('a number has commas between thousands', async t => {
  const cases: [count: number, text: string][] = [
    [0, '0'], [7, '7'], [999, '999'], [1_000, '1,000'], [65_536, '65,536'], [100_000, '100,000'],
    [1_234_567, '1,234,567'], [Number.MAX_SAFE_INTEGER, '9,007,199,254,740,991']
  ]
  for (const [count, text] of cases) t.equal(formatCount(count), text)
})

t.test('a noun is in the plural, except for one', async t => {
  const cases: [count: number, text: string][] = [[0, '0 sites'], [1, '1 site'], [2, '2 sites'], [2_000, '2,000 sites']]
  for (const [count, text] of cases) t.equal(countNouns(count, 'site'), text)
})
