import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import t from 'tap'
import type { Test } from 'tap'
import { repositoryFile } from '../support/consumer.ts'

interface Run {
  readonly status: number
  readonly output: string
}

/**
 * A clean checkout, and a way to run a command there. npx links the command of a folder only once, in npm's cache: it
 * gets a cache of its own, since the shared one may have the link of an earlier version in the same folder.
 */
async function checkOut (t: Test): Promise<{ folder: string, run: (line: string) => Promise<Run> }> {
  const parent = t.testdir()
  const folder = `${parent}/checkout`
  const npxEnvironment = { ...process.env, npm_config_cache: `${parent}/cache` }
  const run = async (line: string, cwd = folder): Promise<Run> => {
    const env = line.includes('npx ') ? npxEnvironment : process.env
    return await promisify(execFile)('bash', ['-c', line], { cwd, env, maxBuffer: 2 ** 24 }).then(
      ({ stdout, stderr }) => ({ status: 0, output: stdout + stderr }),
      ({ code, stdout, stderr }: { code: number, stdout: string, stderr: string }) =>
        ({ status: code, output: stdout + stderr })
    )
  }
  t.equal((await run(`git clone --quiet '${repositoryFile('')}' checkout`, parent)).status, 0)
  return { folder, run }
}
const starts = ['SERVER_NAME=/ npm start', 'SERVER_NAME=/ npx matrix-well-known']

t.test('after npm ci --ignore-scripts, npm start and npx build the program', async t => {
  for (const start of starts) {
    const { folder, run } = await checkOut(t)
    symlinkSync(repositoryFile('node_modules'), `${folder}/node_modules`)
    const { status, output } = await run(start)
    t.equal(status, 78, output)
    t.match(output, 'SERVER_NAME is \\"/\\"')
  }
})

t.test('after npm ci --omit=dev, it says in one line what to do', async t => {
  const { run } = await checkOut(t)
  const hint = 'Not built: TypeScript is missing. Run "npm ci --include=dev", or install the published package.'
  const install = await run('npm ci --omit=dev --no-audit --no-fund')
  t.equal(install.status, 0, install.output)
  for (const line of starts) {
    const start = await run(line)
    t.equal(start.status, 1)
    t.match(start.output, hint)
    t.notMatch(start.output, 'at ')
  }
})

t.test('a release has the package with the address of its repository, an SBOM, and its changes', async t => {
  const { folder, run } = await checkOut(t)
  symlinkSync(repositoryFile('node_modules'), `${folder}/node_modules`)
  const { version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { version: string }
  const release = async (tag: string): Promise<Run> => await run(`GITHUB_REPOSITORY=owner/name .ci/release ${tag}`)

  const wrong = await release('v99.0.0')
  t.strictSame(wrong, {
    status: 1,
    output: `The tag is v99.0.0, but package.json has version ${version}: set both to the same version.\n`
  })
  const made = await release(`v${version}`)
  t.equal(made.status, 0, made.output)
  const files = ['channel', `matrix-well-known-${version}.tgz`, 'notes.md', 'sbom.cdx.json']
  t.strictSame(readdirSync(`${folder}/release`), files)
  t.equal((await run('git diff')).output, '', 'package.json is as before')
  const manifest = await run('tar --extract --to-stdout --file release/*.tgz package/package.json')
  t.match(JSON.parse(manifest.output), {
    repository: { type: 'git', url: 'git+https://github.com/owner/name.git' },
    homepage: 'https://github.com/owner/name#readme',
    bugs: { url: 'https://github.com/owner/name/issues' }
  })
  const { components, metadata } = JSON.parse(readFileSync(`${folder}/release/sbom.cdx.json`, 'utf8')) as
    { components: Array<{ name: string }>, metadata: { component: { name: string } } }
  t.equal(metadata.component.name, 'matrix-well-known', 'not the name of the folder')
  t.ok(components.some(({ name }) => name === 'fastify'))
  t.notOk(components.some(({ name }) => name === 'typescript'))
  const notes = readFileSync(`${folder}/release/notes.md`, 'utf8')
  t.match(notes, /^### /m)
  const links = [...notes.matchAll(/\]\(([^)]*)\)/g)].map(([, target = '']) => target)
  t.ok(links.includes(`https://github.com/owner/name/blob/v${version}/docs/validate.md`))
  t.strictSame(links.filter(target => !URL.canParse(target)), [], 'relative links')
  t.equal(readFileSync(`${folder}/release/channel`, 'utf8'), 'latest\n')
  const published = await run('npm publish --dry-run ./release/*.tgz --tag "$(cat release/channel)"')
  t.equal(published.status, 0, published.output)
})

t.test('a pre-release can be published, and has only its own changes', async t => {
  const { folder, run } = await checkOut(t)
  symlinkSync(repositoryFile('node_modules'), `${folder}/node_modules`)
  const changes = ['9.0.0-rc.10', '9.0.0-rc.1', '9.0.0'].map(version => `## ${version}\n\n- ${version}\n\n`)
  writeFileSync(`${folder}/CHANGELOG.md`, changes.join(''))
  const made = await run('npm version --no-git-tag-version 9.0.0-rc.1 && GITHUB_REPOSITORY=o/n .ci/release v9.0.0-rc.1')
  t.equal(made.status, 0, made.output)
  t.equal(readFileSync(`${folder}/release/notes.md`, 'utf8'), '\n- 9.0.0-rc.1\n')
  const published = await run('npm publish --dry-run ./release/*.tgz --tag "$(cat release/channel)"')
  t.equal(published.status, 0, published.output)
  t.match(published.output, 'with tag next')
})

t.test('after npm ci, npx runs the command of the checkout, as the README says', async t => {
  const { run } = await checkOut(t)
  t.match(readFileSync(repositoryFile('README.md'), 'utf8'), 'In a checkout of this repository, run `npm ci` instead')
  const install = await run('npm ci --no-audit --no-fund')
  t.equal(install.status, 0, install.output)
  const { status, output } = await run('cp .env.example .env && npx matrix-well-known validate')
  t.equal(status, 0, output)
  t.match(output, /^No problems found\. Valid: 1 site with 2 documents\.$/m)
})
