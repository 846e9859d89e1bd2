import t from 'tap'
import { netlify } from '../../src/export/netlify.ts'
import { publicationOf } from '../support/publication.ts'

t.test('the rule for missing documents is found in a file that has others, too', async t => {
  const redirects = netlify.build(publicationOf()).files.find(({ path }) => path === '_redirects')
  const rule = '/.well-known/matrix/* /.well-known/matrix/404.json 404'
  t.equal(redirects?.text, `${rule}\n`)
  const isIn = (existing: string): boolean | undefined => redirects?.shared?.isIn(existing)
  const good = [
    rule, `${rule}\r\n/* /index.html 200\r\n`, `# first\n  ${rule.replaceAll(' ', '\t ')}`,
    `/old /new\n/a/* /b/:splat\n${rule}`
  ]
  for (const existing of good) t.equal(isIn(existing), true, existing)
  const earlier = ['/* /index.html 200', '/:page /index.html', '/.well-known/* /a', 'https://example.com/* /a']
  const bad = ['', '/* /index.html 200', `# ${rule}`, `${rule}!`, ...earlier.map(line => `${line}\n${rule}`)]
  for (const existing of bad) t.equal(isIn(existing), false, existing)
})
