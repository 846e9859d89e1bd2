import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The modules below a folder, without their ending. */
async function modulesOf (folder: string, ending: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('git', ['ls-files', '--cached', '--others', '--exclude-standard', folder], { cwd: root })
  return stdout.trimEnd().split('\n').filter(file => file.endsWith(ending) && existsSync(root + file)).map(file => file.slice(folder.length + 1, -ending.length))
}

t.test('the package holds just what is needed to run it', async t => {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root })
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string, mode: number }[] }]
  const modules = (await modulesOf('src', '.ts')).flatMap(name => [`dist/${name}.js`, `dist/${name}.d.ts`])
  t.strictSame(files.map(({ path }) => path).toSorted(), ['LICENSE', 'README.md', 'docs/report.schema.json', 'package.json', ...modules].toSorted())
  t.match(readFileSync(`${root}dist/cli.js`, 'utf8'), /^#!\/usr\/bin\/env node\n/)
})

t.test('runtime dependencies are few, and none runs a script when it is installed', async t => {
  const { dependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { dependencies: Record<string, string> }
  t.ok(Object.keys(dependencies).length <= 6)
  const { packages } = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')) as { packages: Record<string, { hasInstallScript?: boolean, integrity?: string, link?: boolean }> }
  for (const [path, { hasInstallScript, integrity }] of Object.entries(packages)) {
    if (path === '') continue
    t.notOk(hasInstallScript, `${path} has no install script`)
    t.ok(integrity, `${path} is pinned by its hash`)
  }
})

t.test('SECURITY.md says what each runtime dependency is for', async t => {
  const { dependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { dependencies: Record<string, string> }
  const rows = [...readFileSync(`${root}SECURITY.md`, 'utf8').matchAll(/^\| `(.+?)` \| (.+?) \| [\d.]+ \| \d+ \|$/gm)].map(([, name]) => name)
  t.strictSame(rows.toSorted(), Object.keys(dependencies).toSorted())
})

t.test('each module is loaded by some test, or coverage would not see it', async t => {
  const sources = await modulesOf('src', '.ts')
  const tests = (await modulesOf('test', '.ts')).map(file => readFileSync(`${root}test/${file}.ts`, 'utf8')).join('\n')
  const imported = new Set<string>()
  const load = (name: string): void => {
    if (imported.has(name)) return
    imported.add(name)
    for (const [, path = ''] of readFileSync(`${root}src/${name}.ts`, 'utf8').matchAll(/(?:from|import\() ?'(\.{1,2}\/.*?)\.ts'/g)) {
      load(new URL(path, `file:///${name}`).pathname.slice(1))
    }
  }
  for (const [, subpath = ''] of tests.matchAll(/'matrix-well-known(\/\w+)?'/g)) load(subpath.slice(1) || 'index')
  for (const [, name = ''] of tests.matchAll(/\/(?:src|dist)\/([^']*)\.[jt]s'/g)) load(name)
  t.strictSame(sources.filter(name => !imported.has(name)), [])
})
