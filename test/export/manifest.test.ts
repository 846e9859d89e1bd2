import t from 'tap'
import { hashContent, isDocumentPath, parseManifest, renderManifest } from '../../src/export/manifest.ts'

t.test('a manifest is read as it was written, and the same each time', async t => {
  const manifest = new Map([['b/.well-known/matrix/server', ['1', '2']], ['_headers', []], ['a', ['3']]])
  const text = renderManifest(manifest)
  t.equal(text, renderManifest(new Map([...manifest].toReversed())))
  t.strictSame(new Map([...parseManifest(text) ?? []].toSorted()), new Map([...manifest].toSorted()))
  t.match(JSON.parse(text), { about: /^Written by matrix-well-known export/ })
})

t.test('anything else is refused, with paths that lead out of the folder', async t => {
  const texts = ['', '{', 'null', '[]', '{}', '{"files":null}', '{"files":"a"}', '{"files":{"a":"1"}}',
    '{"files":{"a":[1]}}', ...['/a', '../a', 'a/../../b', './a', 'a//b', 'a/', '', 'a\\b', 'a\0', '.', '..'].map(path =>
      JSON.stringify({ files: { [path]: [] } }))]
  for (const text of texts) t.equal(parseManifest(text), undefined, text)
})

t.test('tells documents from other files', async t => {
  const cases: [path: string, expected: boolean][] = [
    ['.well-known/matrix/server', true],
    ['public/.well-known/matrix/mautrix', true],
    ['example.com/.well-known/matrix/404.html', true],
    ['_headers', false],
    ['vercel.json', false],
    ['.well-known/matrix', false],
    ['.well-known/matrix/', false],
    ['.well-known/matrix/a/b', false],
    ['.well-known/matrix/A', false],
    ['x.well-known/matrix/server', false],
    ['.well-known/acme-challenge/token', false]
  ]
  for (const [path, expected] of cases) t.equal(isDocumentPath(path), expected, path)
})

t.test('hashes are those of sha256sum', async t => {
  t.equal(hashContent('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  t.equal(hashContent(Buffer.from('abc')), hashContent('abc'))
})
