import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import t from 'tap'
import { consumer, repositoryFile } from '../support/consumer.ts'

const [tarball = ''] = readdirSync(consumer).filter(name => name.endsWith('.tgz'))
const versions = ['20.19.0', '22', '24', '26']

/** Runs a command with Node 20.19 in a folder. */
async function runOnOldest (cwd: string, ...args: string[]): Promise<string> {
  const all = [versions[0] ?? '', 'npm', 'exec', '--yes', '--', ...args]
  return (await promisify(execFile)(repositoryFile('.ci/with-node'), all, { cwd })).stdout
}

t.test('other package managers install it on the oldest Node, as docs/embedding.md says', async t => {
  const page = readFileSync(repositoryFile('docs/embedding.md'), 'utf8')
  const [, add = ''] = /`(yarn add --ignore-engines) matrix-well-known`/.exec(page) ?? []
  const file = `file:${consumer}/${tarball}`
  const yarn = 'yarn@1.22.22'
  t.match(add, /^yarn add --/)
  const managers = [[yarn, ...add.split(' ').slice(1)], ['pnpm@10.20.0', 'add']]
  for (const [manager = '', ...words] of managers) {
    const folder = t.testdir({ 'package.json': '{"private":true}' })
    await runOnOldest(folder, manager, ...words, file)
    t.match(await runOnOldest(folder, 'matrix-well-known', '--version'), /^\d+\.\d+\.\d+\n$/, manager)
  }
  const folder = t.testdir({ 'package.json': '{"private":true}' })
  await t.rejects(runOnOldest(folder, yarn, 'add', file), { code: 1, stderr: /cookie@2\S*: The engine "node" is/ })
})

t.test('an older Node gets one line with the version that it needs', async t => {
  const { engines } = JSON.parse(readFileSync(repositoryFile('package.json'), 'utf8')) as { engines: { node: string } }
  t.equal(engines.node, '>=20.19')
  for (const version of ['18', '20.18.0']) {
    // Without what tap adds, which doesn't run there either.
    const args = [version, 'env', '--unset=NODE_OPTIONS', repositoryFile('bin/matrix-well-known.js')]
    const run = promisify(execFile)(repositoryFile('.ci/with-node'), args)
    const line = /^matrix-well-known needs Node 20\.19 or newer; \/\S+\/node is Node [\d.]+\.\n$/
    await t.rejects(run, { code: 78, stdout: '', stderr: line })
  }
})

t.test('npm installs Fastify for an app on the oldest Node, as docs/embedding.md says', async t => {
  const page = readFileSync(repositoryFile('docs/embedding.md'), 'utf8')
  const [, ...packages] = /^npm install (\S+) && npm install (\S+)$/m.exec(page) ?? []
  t.strictSame(packages, ['matrix-well-known', 'fastify'])
  const folder = t.testdir({ 'package.json': '{"private":true}' })
  for (const name of [`${consumer}/${tarball}`, 'fastify']) {
    const args = [versions[0] ?? '', 'npm', 'install', '--engine-strict', '--no-audit', '--no-fund', name]
    const { stderr } = await promisify(execFile)(repositoryFile('.ci/with-node'), args, { cwd: folder })
    t.notMatch(stderr, 'EBADENGINE', name)
  }
})

for (const version of versions) {
  t.test(`on Node ${version}, the package installs without a warning, checks and serves`, async t => {
    const folder = t.testdir({ 'package.json': '{"private":true}' })
    const run = async (command: string, ...args: string[]): Promise<string> => {
      const all = [version, command, ...args]
      const { stdout, stderr } = await promisify(execFile)(repositoryFile('.ci/with-node'), all, { cwd: folder })
      return stdout + stderr
    }
    const install = await run('npm', 'install', '--engine-strict', '--no-audit', '--no-fund', `${consumer}/${tarball}`)
    t.match(install.trim(), /^added \d+ packages in \w+$/)
    t.match(await run('npx', 'matrix-well-known', '--version'), /^\d+\.\d+\.\d+\n$/)
    const script = "require('matrix-well-known'); console.log(typeof require('matrix-well-known/site').respond)"
    t.equal(await run('node', '--input-type=commonjs', '--eval', script), 'function\n', 'without a warning')
    t.match(await run('npx', 'matrix-well-known', 'check', '--help'), 'Usage: matrix-well-known check')
    writeFileSync(`${folder}/.env`, 'SERVER_NAME=example.com\nHOST=127.0.0.1\nPORT=0\n')
    const bin = `${folder}/node_modules/.bin/matrix-well-known`
    const server = spawn(repositoryFile('.ci/with-node'), [version, bin], { cwd: folder })
    const [line] = await once(createInterface(server.stdout), 'line') as [string]
    const { address } = JSON.parse(line) as { address: string }
    const response = await fetch(`${address}/.well-known/matrix/server`)
    t.strictSame(await response.json(), { 'm.server': 'example.com:443' })
    server.kill()
    t.strictSame(await once(server, 'exit'), [0, null])
  })
}
