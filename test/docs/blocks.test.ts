import { readFileSync } from 'node:fs'
import t from 'tap'
import { commandsFor, pageNames, readPage } from '../support/pages.ts'

/** What tests read the blocks of a language. A command in any other block would be run by none of them. */
const languages = {
  sh: 'a command: the tests in test/docs, test/container and test/proxies',
  json: 'its output, or a document: test/docs/delegation.test.ts',
  http: 'its output',
  text: 'its output, or what is not run',
  env: 'settings: test/docs/delegation.test.ts',
  zone: 'a DNS record: test/docs/delegation.test.ts',
  js: 'test/docs/code.test.ts',
  yaml: 'test/docs/validate.test.ts, test/container/compose.test.ts',
  jsonc: 'a part of wrangler.jsonc'
}

interface Block {
  readonly page: string
  readonly language: string
  readonly content: string
}

const blocks = pageNames.flatMap(page =>
  [...readPage(page).matchAll(/^ *```([^\n]*)\n(.*?)^ *```$/gms)]
    .map(([, language = '', content = '']): Block => ({ page, language, content })))

t.test('every block on the pages has a language that tests know', async t => {
  t.ok(blocks.length > 50)
  for (const { page, language, content } of blocks) t.ok(language in languages, `${page}: ${language}\n${content}`)
})

t.test('a block has one command, so that a test runs each', async t => {
  for (const { page, content } of blocks.filter(({ language }) => language === 'sh')) {
    t.equal(content.trim().split('\n').length, 1, `${page}: ${content}`)
  }
})

t.test('no command is in a block of text', async t => {
  const program = /^ *(?:\$ |(?:npx|npm|docker|curl|systemctl|kubectl|git|cp|echo|sudo) )/m
  for (const { page, language, content } of blocks) {
    if (language !== 'sh') t.notMatch(content, program, page)
  }
})

t.test('test/container walks through every page that has Docker commands', async t => {
  const source = readFileSync(new URL('../container/compose.test.ts', import.meta.url), 'utf8')
  const walked = [...source.matchAll(/startWalk\('(.*?)'/g)].map(([, page = '']) => page)
  t.strictSame([...new Set(commandsFor('container').map(({ page }) => page))].toSorted(), walked.toSorted())
})
