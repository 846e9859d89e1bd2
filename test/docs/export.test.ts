import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { cli, startProcess } from '../support/cli.ts'
import { commandsFor, compareOutput } from '../support/pages.ts'

t.test('the commands on the pages that export do what their page says', async t => {
  const commands = commandsFor('export')
  t.ok(commands.length >= 2)
  for (const command of commands) {
    const cwd = t.testdir()
    const text = command.text.replace('npx matrix-well-known', `'${process.execPath}' '${cli}'`)
    const running = startProcess(t, 'bash', ['-c', text], {}, cwd)
    t.equal(await running.ended, 0, command.text)
    const [, file] = / > (\S+)$/.exec(command.text) ?? []
    if (file === undefined) {
      compareOutput(t, command, running.output.stdout)
      t.ok(existsSync(`${cwd}/public/.well-known/matrix/server`))
    } else {
      t.match(readFileSync(`${cwd}/${file}`, 'utf8'), 'handle /.well-known/matrix/server {')
    }
  }
})
