import t from 'tap'
import { catalogue } from '../../src/check/judge/catalogue.ts'
import { healthyOptions } from '../support/check-cli.ts'
import { cli, startProcess } from '../support/cli.ts'
import { startHealthyWorld } from '../support/healthy-world.ts'
import { commandsFor, readPage } from '../support/pages.ts'

const page = readPage('docs/monitoring.md')

t.test('the monitor starts as the page says, and has the paths in its table', async t => {
  const [command, ...others] = commandsFor('monitor')
  t.strictSame(others, [])
  const options = await healthyOptions(await startHealthyWorld(t))
  const words = String(command?.text).replace('npx matrix-well-known', `exec '${process.execPath}' '${cli}'`)
  const environment = { HOST: '127.0.0.1', PORT: '0' }
  const running = startProcess(t, 'bash', ['-c', `${words} ${options.join(' ')}`], environment, t.testdir())
  const [address = ''] = /http:\/\/[^"]+/.exec(await running.lineWith(' names at ')) ?? []
  await running.lineWith('example.com works')
  const paths = [...page.matchAll(/^\| `(\/[^`]*)` \|/gm)].map(([, path = '']) => path)
  t.equal(paths.length, 5)
  for (const path of paths) t.equal((await fetch(`${address}${path}`)).status, 200, path)
  running.kill('SIGTERM')
  t.equal(await running.ended, 0)
})

t.test('the line of the log is like one of the monitor', async t => {
  const [, block = ''] = /^```json\n(.*?)\n```$/ms.exec(page) ?? []
  const { level, finding } = JSON.parse(block) as { level: string, finding: string }
  t.equal(level, 'error')
  t.ok(finding in catalogue, finding)
})
