import t from 'tap'
import { findSimilar } from '../../src/matrix/similar-name.ts'

t.test('finds the first name that is one edit away', async t => {
  const known = ['check', 'serve', 'server', 'import']
  const names: [name: string, similar: string | undefined][] = [
    ['chekc', 'check'],
    ['chck', 'check'],
    ['checks', 'check'],
    ['xheck', 'check'],
    ['serv', 'serve'],
    ['servers', 'server'],
    ['check', 'check'],
    ['cehkc', undefined],
    ['ch', undefined],
    ['', undefined]
  ]
  for (const [name, similar] of names) t.equal(findSimilar(name, known), similar, name)
})
