import { execFile } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean, readonly integrity?: string }>>
}

async function run (command: string, args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(command, args, { cwd: root })).stdout
}

function read (file: string): string {
  return readFileSync(root + file, 'utf8')
}

/** The modules below a folder, without their extension. */
async function modulesOf (folder: string, extension: string): Promise<string[]> {
  const output = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard', folder])
  return output.trimEnd().split('\n')
    .filter(file => file.endsWith(extension) && existsSync(root + file))
    .map(file => file.slice(folder.length + 1, -extension.length))
}

function runtimeDependencies (): string[] {
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
  return Object.keys(dependencies)
}

t.test('the package contains only what is needed to run it', async t => {
  const output = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'])
  const [{ files }] = JSON.parse(output) as [{ files: { path: string, mode: number }[] }]
  const modules = (await modulesOf('src', '.ts')).flatMap(name => [`dist/${name}.js`, `dist/${name}.d.ts`])
  const schemas = ['docs/report.schema.json', 'docs/validation.schema.json']
  // For those who install it globally.
  const units = readdirSync(`${root}examples/systemd`).map(name => `examples/systemd/${name}`)
  const texts = ['LICENSE', 'README.md', 'package.json']
  const expected = [...texts, 'bin/matrix-well-known.js', ...schemas, ...units, ...modules]
  t.strictSame(files.map(({ path }) => path).toSorted(), expected.toSorted())
  t.match(read('bin/matrix-well-known.js'), /^#!\/usr\/bin\/env node\n/)
})

t.test('there are few runtime dependencies, and no package has an install script', async t => {
  t.ok(runtimeDependencies().length <= 7)
  const { packages } = JSON.parse(read('package-lock.json')) as Lockfile
  for (const [path, { hasInstallScript, integrity }] of Object.entries(packages)) {
    if (path === '') continue
    t.notOk(hasInstallScript, `${path} has no install script`)
    t.ok(integrity, `${path} is pinned by its hash`)
  }
})

t.test('every file that names the version names the same one', async t => {
  const { version } = JSON.parse(read('package.json')) as { version: string }
  t.equal((JSON.parse(read('package-lock.json')) as { version: string }).version, version)
  t.match(read('examples/kubernetes/image/kustomization.yaml'), `newTag: ${version}\n`)
  t.match(read('CHANGELOG.md'), `\n## ${version}\n`)
})

t.test('SECURITY.md says what each runtime dependency is for', async t => {
  const rows = read('SECURITY.md').matchAll(/^\| `(.+?)` \| (.+?) \| [\d.]+ \| \d+ \|$/gm)
  t.strictSame([...rows].map(([, name]) => name).toSorted(), runtimeDependencies().toSorted())
})

t.test('each module is loaded by some test, because coverage ignores the others', async t => {
  const sources = await modulesOf('src', '.ts')
  const tests = (await modulesOf('test', '.ts')).map(file => read(`test/${file}.ts`)).join('\n')
  const imported = new Set<string>()
  const load = (name: string): void => {
    if (imported.has(name)) return
    imported.add(name)
    for (const [, path = ''] of read(`src/${name}.ts`).matchAll(/(?:from|import\() ?'(\.{1,2}\/.*?)\.ts'/g)) {
      load(new URL(path, `file:///${name}`).pathname.slice(1))
    }
  }
  for (const [, subpath = ''] of tests.matchAll(/'matrix-well-known(\/\w+)?'/g)) load(subpath.slice(1) || 'index')
  for (const [, name = ''] of tests.matchAll(/\/(?:src|dist)\/([^']*)\.[jt]s'/g)) load(name)
  t.strictSame(sources.filter(name => !imported.has(name)), [])
})
