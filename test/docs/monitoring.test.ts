import t from 'tap'
import { healthyOptions } from '../support/check-cli.ts'
import { cli, startCli, startProcess } from '../support/cli.ts'
import { startHealthyWorld } from '../support/healthy-world.ts'
import { commandsFor, readPage, replaceInPage } from '../support/pages.ts'

const page = readPage('docs/monitoring.md')

t.test('the monitor starts as the page says, and has the paths in its table', async t => {
  const [command, ...others] = commandsFor('monitor')
  t.strictSame(others, [])
  const options = await healthyOptions(await startHealthyWorld(t))
  const words = String(command?.text).replace('npx matrix-well-known', `exec '${process.execPath}' '${cli}'`)
  const environment = { HOST: '127.0.0.1', PORT: '0' }
  const running = startProcess(t, 'bash', ['-c', `${words} ${options.join(' ')}`], environment, t.testdir())
  const [address = ''] = /http:\/\/[^"]+/.exec(await running.lineWith('monitoring ')) ?? []
  await running.lineWith('example.com works')
  const paths = [...page.matchAll(/^\| `(\/[^`]*)` \|/gm)].map(([, path = '']) => path)
  t.equal(paths.length, 5)
  for (const path of paths) t.equal((await fetch(`${address}${path}`)).status, 200, path)
  running.kill('SIGTERM')
  t.equal(await running.ended, 0)
})

t.test('the line of the log is what the monitor writes', async t => {
  const [, block = ''] = /^```json\n(.*?)\n```$/ms.exec(page) ?? []
  const gone = { 'GET /.well-known/matrix/server': undefined, 'GET /.well-known/matrix/client': undefined }
  const options = await healthyOptions(await startHealthyWorld(t, { site: gone }))
  const environment = { HOST: '127.0.0.1', PORT: '0', MONITOR_CONFIRMATIONS: '1' }
  const running = startCli(t, ['monitor', 'example.com', ...options], environment)
  const line = (await running.lineWith('verdict')).replace(/(?<="time":")[^"]+/, '2026-11-26T12:00:00.000Z')
  if (process.env.UPDATE_DOCS !== undefined) replaceInPage('docs/monitoring.md', '```json\n', block, line)
  else t.equal(block, line, 'UPDATE_DOCS=1 writes it')
  running.kill('SIGTERM')
  t.equal(await running.ended, 0)
})
