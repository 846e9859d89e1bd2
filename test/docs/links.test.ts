import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { pageNames, readPage } from '../support/pages.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const list = ['ls-files', '--cached', '--others', '--exclude-standard', '*.md']
const pages = execFileSync('git', list, { cwd: root, encoding: 'utf8' }).trimEnd().split('\n')

/** A page without its code, in which nothing is a link or a heading. */
function readText (page: string): string {
  return readPage(page).replaceAll(/^ *```.*?^ *```$/gms, '')
}

function linksOf (page: string): string[] {
  return [...readText(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
}

/** The anchors that GitHub gives to the headings of a page, and those that it sets itself. */
function anchorsOf (page: string): string[] {
  const text = readText(page)
  const headings = [...text.matchAll(/^#+ (.*)$/gm)]
    .map(([, heading = '']) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'))
  return [...headings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)]
}

t.test('every link to a file or heading leads somewhere', async t => {
  t.ok(pages.length >= pageNames.length)
  for (const page of pages) {
    for (const link of linksOf(page).filter(link => !/^https?:/.test(link))) {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? page : join(dirname(page), path)
      t.ok(existsSync(join(root, target)), `${page}: ${link}`)
      if (anchor !== undefined) t.ok(anchorsOf(target).includes(anchor), `${page}: ${link}`)
    }
  }
})

t.test('no two headings of a page have the same anchor', async t => {
  for (const page of pages.filter(page => page !== 'CHANGELOG.md')) {
    const anchors = anchorsOf(page).filter(anchor => !anchor.startsWith('finding-'))
    t.strictSame(anchors.filter((anchor, i) => anchors.indexOf(anchor) !== i), [], page)
  }
})

t.test('the README leads to every page', async t => {
  const linked = linksOf('README.md').map(link => link.replace(/#.*/, ''))
  for (const page of pageNames.filter(page => page !== 'README.md')) t.ok(linked.includes(page), page)
})

t.test('each way on docs/which-way.md ends at one place, and each question is reached', async t => {
  const [, ...questions] = readText('docs/which-way.md').split(/^(?=## )/m)
  const numbered = questions.filter(question => /^## \d/.test(question))
  t.ok(numbered.length >= 8)
  const [first, ...others] = anchorsOf('docs/which-way.md').filter(anchor => /^\d/.test(anchor))
  const next: string[] = []
  for (const question of numbered) {
    const [heading = '', ...ways] = question.split(/^- /m)
    t.ok(ways.length >= 2, heading)
    for (const way of ways) {
      const links = [...way.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link)
      t.equal(links.length, 1, way)
      next.push(...links.filter(link => link.startsWith('#')).map(link => link.slice(1)))
    }
  }
  t.notOk(next.includes(first ?? ''))
  t.strictSame(next.toSorted(), others.toSorted())
})
