import t from 'tap'
import { validate } from '../../src/matrix/validate.ts'

t.test('a schema that is none is not taken for one that everything fits', t => {
  t.throws(() => validate({ required: [], properties: { a: { type: 'nonsense' } } }, { a: 1 }, {}), /schema is invalid/)
  t.end()
})
