import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadSiteConfig } from '../../src/config/site-config.ts'
import { buildExport } from '../../src/export/build.ts'
import { githubPages } from '../../src/export/github-pages.ts'
import { writeFiles } from '../../src/export/write.ts'
import { publicationOf } from '../support/publication.ts'

const noJekyll = githubPages.build(publicationOf()).files.find(({ path }) => path === '.nojekyll')

t.test('any .nojekyll is good for GitHub Pages', async t => {
  t.equal(noJekyll?.shared?.isIn('something'), true)
})

t.test('the entry for Jekyll is found in whatever form it has', async t => {
  const good = [
    'include: [".well-known"]\n', "title: a\r\ninclude: ['_pages', '.well-known']\r\n", 'include:\n- .well-known\n',
    'include:\r\n  - _pages\r\n\r\n  # For Matrix\r\n  - .well-known/matrix\r\nb: 1\r\n', 'include: .well-known\n'
  ]
  for (const text of good) t.equal(noJekyll?.unless?.shared?.isIn(text), true, text)
  const bad = [
    '', 'title: .well-known\n', '# include: [.well-known]\n', 'include: [_pages]\nexclude: [.well-known]\n',
    'include:\n  - _pages\nexclude:\n  - .well-known\n', 'other: 1\nnot_include: [.well-known]\n'
  ]
  for (const text of bad) t.equal(noJekyll?.unless?.shared?.isIn(text), false, text)
})

/** The files of each group that an export to GitHub Pages leaves in this folder. */
function exportTo (folder: string, hasFolders = false): Record<string, string[]> {
  const { files } = buildExport(githubPages, [loadSiteConfig({ SERVER_NAME: 'example.com' })], hasFolders)
  const { written, unchanged, toMerge, leftOver } = writeFiles(folder, files)
  const select = (group: readonly { path: string }[]): string[] =>
    group.map(({ path }) => path).filter(path => !path.includes('.well-known/'))
  return { written: select(written), unchanged: select(unchanged), toMerge: select(toMerge), leftOver: [...leftOver] }
}

const nothing = { written: [], unchanged: [], toMerge: [], leftOver: [] }

t.test('a site that Jekyll builds gets no .nojekyll, which would turn that off', async t => {
  const folder = t.testdir({ '_config.yml': 'title: a\n' })
  t.strictSame(exportTo(folder), { ...nothing, toMerge: ['_config.yml'] })
  t.equal(readFileSync(join(folder, '_config.yml'), 'utf8'), 'title: a\n')
  writeFileSync(join(folder, '_config.yml'), 'title: a\ninclude: [".well-known"]\n')
  t.strictSame(exportTo(folder), { ...nothing, unchanged: ['_config.yml'] })
  writeFileSync(join(folder, '.nojekyll'), '')
  t.strictSame(exportTo(folder), { ...nothing, unchanged: ['.nojekyll'] }, 'one that the site has stays')
})

t.test('a .nojekyll of an earlier export has to go once Jekyll builds the site', async t => {
  const folder = t.testdir()
  t.strictSame(exportTo(folder), { ...nothing, written: ['.nojekyll'] })
  writeFileSync(join(folder, '_config.yml'), 'title: a\n')
  t.strictSame(exportTo(folder), { ...nothing, toMerge: ['_config.yml'], leftOver: ['.nojekyll'] })
})

t.test('with a folder for each site, its own _config.yml counts', async t => {
  const folder = t.testdir({ '_config.yml': '' })
  t.strictSame(exportTo(folder, true), { ...nothing, written: ['example.com/.nojekyll'] })
  const other = t.testdir()
  mkdirSync(join(other, 'example.com'))
  writeFileSync(join(other, 'example.com/_config.yml'), '')
  t.strictSame(exportTo(other, true), { ...nothing, toMerge: ['example.com/_config.yml'] })
})
