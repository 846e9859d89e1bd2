import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import t from 'tap'
import { consumer, repositoryFile } from '../support/consumer.ts'

const [tarball = ''] = readdirSync(consumer).filter(name => name.endsWith('.tgz'))
const versions = ['20.19.0', '22', '24', '26']

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
