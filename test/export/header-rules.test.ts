import t from 'tap'
import { buildHeaderRules } from '../../src/export/header-rules.ts'
import { publicationOf } from '../support/publication.ts'

const publication = publicationOf()
const paths = [...publication.documents, ...publication.missing.slice(0, 1)]
const rules = buildHeaderRules(publication, paths, '  ! Access-Control-Allow-Origin\n')

t.test('each path has a rule for its type and caching, and all of them one for CORS', async t => {
  t.equal(rules.path, '_headers')
  t.equal(rules.text, `/.well-known/matrix/*
  ! Access-Control-Allow-Origin
  Access-Control-Allow-Origin: *
  Access-Control-Allow-Methods: GET, POST, PUT, DELETE, OPTIONS
  Access-Control-Allow-Headers: X-Requested-With, Content-Type, Authorization
  X-Content-Type-Options: nosniff

/.well-known/matrix/server
  Cache-Control: public, max-age=3600
  Content-Type: application/json

/.well-known/matrix/client
  Cache-Control: no-store
  Content-Type: application/json
`)
})

t.test('rules are found in a file that has others, too', async t => {
  const isIn = (existing: string): boolean | undefined => rules.shared?.isIn(existing)
  const others = '# a comment\n/*\n  X-Frame-Options: DENY\n'
  for (const existing of [
    rules.text,
    others + rules.text,
    `${rules.text}\n${others}`,
    rules.text.replaceAll('\n', '\r\n'),
    rules.text.replaceAll('  ', '\t'),
    rules.text.replace('\n\n', '\n# another comment\n')
  ]) t.equal(isIn(existing), true, existing)
  for (const existing of [
    '',
    'X-Frame-Options: DENY',
    others,
    rules.text.replace('application/json', 'text/plain'),
    rules.text.replace('  Content-Type: application/json\n', ''),
    rules.text.slice(0, rules.text.indexOf('\n\n')),
    rules.text.replaceAll('/.well-known', 'https://example.com/.well-known')
  ]) t.equal(isIn(existing), false, existing)
})
