import t from 'tap'
import { limits } from '../../src/server/limits.ts'
import { portOf, preload, startCli } from '../support/cli.ts'
import { settings } from './server.ts'

t.test('a server that fails to stop in time exits with status 1', async t => {
  const cli = startCli(t, [], settings, { nodeOptions: [preload('never-closes')] })
  await portOf(cli)
  const begin = performance.now()
  cli.kill('SIGTERM')
  t.equal(await cli.ended, 1)
  const time = performance.now() - begin
  t.comment(`after ${(time / 1000).toFixed(1)} s`)
  t.ok(time > limits.stopTimeout - 100 && time < 2 * limits.stopTimeout)
})
