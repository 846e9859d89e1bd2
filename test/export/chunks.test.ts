import t from 'tap'
import { encodeInChunks } from '../../src/export/chunks.ts'

t.test('chunks are as long as allowed, in bytes, and have all of the text', async t => {
  const cases: [text: string, maxSize: number, chunks: string[]][] = [
    ['', 3, ['']],
    ['abc', 3, ['abc']],
    ['abcd', 3, ['abc', 'd']],
    ['ääb', 3, ['ä', 'äb']],
    ['🎉🎉', 4, ['🎉', '🎉']],
    ['a$b', 3, ['a', '<$>', 'b']],
    // A token is never divided, even if it is too long.
    ['a$b', 2, ['a', '<$>', 'b']]
  ]
  for (const [text, maxSize, chunks] of cases) {
    const encode = (token: string): string => token === '$' ? '<$>' : token
    t.strictSame(encodeInChunks(text, /./gsu, encode, maxSize), chunks, text)
  }
})

t.test('what must be encoded together stays together', async t => {
  t.strictSame(encodeInChunks('a${b', /\$\{|./gsu, token => token, 2), ['a', '${', 'b'])
})
