import { execFile, execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, readFileSync, symlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { readPage } from '../support/pages.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { scripts } = JSON.parse(readPage('package.json')) as { scripts: Record<string, string> }

/** The pages outside of docs that have commands, and the test that runs all of them. */
const runners: Readonly<Record<string, string>> = {
  'CONTRIBUTING.md': 'test/docs/contributing.test.ts',
  'bench/README.md': 'test/docs/contributing.test.ts',
  'examples/kubernetes/README.md': 'test/kubernetes/examples.test.ts',
  'examples/systemd/README.md': 'test/container/systemd.test.ts'
}

t.test('each page outside of docs with commands has a test that runs them', async t => {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '*.md']
  const pages = execFileSync('git', list, { cwd: root, encoding: 'utf8' }).trimEnd().split('\n')
    .filter(page => page !== 'README.md' && !page.startsWith('docs/') && /^ *```/m.test(readPage(page)))
  t.strictSame(pages.toSorted(), Object.keys(runners).toSorted())
  for (const [page, test] of Object.entries(runners)) {
    const folder = page.replace(/\/?README\.md$/, '')
    t.ok([folder, 'README.md'].every(part => readPage(test).includes(part)), `${test} reads ${page}`)
    for (const [, language] of readPage(page).matchAll(/^ *```(\S*)\n.*?^ *```$/gms)) t.equal(language, 'sh', page)
  }
})

/** What a text runs: scripts of package.json, and those in .ci. */
function findCalls (text: string): string[] {
  const calls = /\bnpm run (?:--silent )?(?<script>[\w:]+)|\bnpm (?<direct>test|ci)\b|\.ci\/(?<file>[\w-]+)/g
  return [...text.matchAll(calls)].flatMap(({ groups: { script, direct, file } = {} }) => {
    if (script !== undefined) return `npm run ${script}`
    return direct === undefined ? `.ci/${file}` : `npm ${direct}`
  })
}

function readCalled (call: string): string {
  if (call.startsWith('.ci/')) return readPage(call)
  return scripts[call.replace(/^npm (run )?/, '')] ?? ''
}

/** Everything that the gate runs, directly or not. */
const gate = new Set(findCalls(readPage('.ci/run')))
for (const call of gate) for (const next of findCalls(readCalled(call))) gate.add(next)
gate.add('.ci/run')

/** The commands of a page, in its blocks and in its sentences. */
function readCommands (page: string): string[] {
  const text = readPage(page)
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = '']) => block.trimEnd().split('\n'))
  const inline = [...text.replaceAll(/^```.*?^```$/gms, '').matchAll(/`([^`]+)`/g)]
    .map(([, code = '']) => code.replaceAll(/\s+/g, ' '))
  const isCommand = /^(?:[A-Z_]+=\S+ )*(?:npm|npx|\.ci\/\S+|git|node)(?: |$)/
  return [...blocks, ...inline].filter(text => isCommand.test(text) && text !== 'npm')
}

const pages = ['CONTRIBUTING.md', 'bench/README.md']

/** Commands that the gate doesn't run as they are. The tests below run them, or say what does. */
const others = [
  'npx tap --disable-coverage test/matrix/url.test.ts',
  'npx tap --disable-coverage --grep=\'/port/\' test/matrix/url.test.ts',
  'npx eslint src test',
  'UPDATE_DOCS=1 npx tap --disable-coverage test/docs/*.test.ts',
  'npm run docs',
  'npm run bench:check',
  '.ci/release',
  'GITHUB_REPOSITORY=owner/name .ci/release v1.2.3',
  // These publish; test/consumer/checkout.test.ts does it without the registry.
  'git tag v1.2.3 && git push origin main v1.2.3',
  'npm login && npm publish ./release/*.tgz --access public',
  'npm version --no-git-tag-version 1.2.3'
]

t.test('the gate runs every command in CONTRIBUTING.md and bench/README.md, or a test here', async t => {
  const commands = pages.flatMap(readCommands)
  t.ok(commands.length > 25)
  t.strictSame(others.filter(command => !commands.includes(command)), [], 'without entries for commands that are gone')
  for (const command of commands.filter(command => !others.includes(command))) {
    const calls = findCalls(command)
    t.ok(calls.length > 0, command)
    for (const call of calls) {
      t.ok(gate.has(call), `${command}: ${call}`)
      t.ok(call.startsWith('npm run ') ? readCalled(call) !== '' : true, `${call} exists`)
    }
  }
})

t.test('.ci/run has the stages in CONTRIBUTING.md', async t => {
  const [, listed = ''] = /in these stages: (.*?)\. It installs/s.exec(readPage('CONTRIBUTING.md')) ?? []
  const [, stages = ''] = /^stages='(.*)'$/m.exec(readPage('.ci/run')) ?? []
  const named = [...listed.matchAll(/(?<!\()`([a-z]+)`/g)].map(([, name = '']) => name)
  t.strictSame(named, stages.split(' '))
})

t.test('bench/README.md has the names of the benchmarks, and the way to those of check is a script', async t => {
  const [, listed = ''] = /`--only NAME` runs one benchmark: (.*?)\.\s/s.exec(readPage('bench/README.md')) ?? []
  const [, table = ''] = /benchmarks: .* = \{\n(.*?)\n\}$/ms.exec(readPage('bench/bench.ts')) ?? []
  const names = table.split(',\n').map(line => line.trim().replace(/^'(.*)': .*$/, '$1'))
  t.strictSame([...listed.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name), names)
  const ofCheck = names.filter(name => name.startsWith('check'))
  t.ok(String(scripts['bench:check']).endsWith(ofCheck.map(name => ` --only ${name}`).join('')))
})

const run = promisify(execFile)

t.test('one test file can be run, and some of its tests', async t => {
  // In a copy, because tap would mistake the coverage of this run for its own.
  const folder = t.testdir()
  for (const part of ['package.json', 'tsconfig.json', 'src', 'test/tsconfig.json', 'test/matrix', 'test/support']) {
    cpSync(`${root}${part}`, `${folder}/${part}`, { recursive: true })
  }
  symlinkSync(`${root}node_modules`, `${folder}/node_modules`)
  const env = Object.fromEntries(Object.entries(process.env)
    .filter(([name]) => !name.startsWith('_TAPJS') && !name.startsWith('TAP') && name !== 'NODE_OPTIONS'))
  const count = async (command: string): Promise<number> => {
    const { stdout } = await run('bash', ['-c', `${command} --reporter=tap`], { cwd: folder, env })
    return stdout.match(/^ {8}ok /gm)?.length ?? 0
  }
  const [all = 0, some = 0] = await Promise.all(others.slice(0, 2).map(count))
  t.ok(some > 0)
  t.ok(all > some)
})

t.test('the shell finds the files to update and to lint, which the gate also tests', async t => {
  const { stdout } = await run('bash', ['-c', 'ls test/docs/*.test.ts'], { cwd: root })
  t.ok(stdout.split('\n').length > 10)
  t.match(readPage('test/support/pages.ts'), 'process.env.UPDATE_DOCS')
  t.equal(scripts['lint'], 'eslint .')
  t.match(readPage('test/docs/findings.test.ts'), 'docs/build.js')
  t.match(scripts['docs'], 'node docs/build.js > docs/findings.md')
})

t.test('the version of a release is set in both files', async t => {
  const folder = t.testdir()
  const files = ['package.json', 'package-lock.json']
  for (const file of files) copyFileSync(`${root}${file}`, `${folder}/${file}`)
  await run('bash', ['-c', `${others.at(-1)} --ignore-scripts`], { cwd: folder })
  for (const file of files) t.equal(JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')).version, '1.2.3', file)
  t.match(readPage('test/consumer/checkout.test.ts'), ' .ci/release ', 'which is run there')
})
