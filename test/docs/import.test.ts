import { readFileSync } from 'node:fs'
import t from 'tap'
import { json, wellKnown } from '../support/responses.ts'
import { healthyOptions } from '../support/check-cli.ts'
import { cli, startProcess } from '../support/cli.ts'
import { startHealthyWorld } from '../support/healthy-world.ts'
import { commandsFor, compareOutput, readPage } from '../support/pages.ts'

const generated = readFileSync(new URL('../support/homeserver.yaml', import.meta.url), 'utf8')

const site = {
  'GET /.well-known/matrix/server': wellKnown({ 'm.server': 'https://matrix.example.com' }),
  'GET /.well-known/matrix/client': wellKnown({ 'm.homeserver': { base_url: 'https://matrix.example.com' } }),
  'GET /.well-known/matrix/support': json({ admins: [{ role: 'admin', matrix_id: '@admin:example.com' }] }),
  'GET /.well-known/matrix/policy_server': undefined
}

t.test('every import on the pages is run here and in a clean clone', async t => {
  const cwd = t.testdir({
    'homeserver.yaml': `${generated}public_baseurl: https://matrix.example.com/\n`,
    public: { '.well-known': { matrix: { server: '{"m.server":"matrix.example.com:443"}' } } }
  })
  const options = await healthyOptions(await startHealthyWorld(t, { site }))
  const commands = commandsFor('import')
  t.equal(commands.length, 3)
  for (const command of commands) {
    const words = command.text.replace('npx matrix-well-known', `'${process.execPath}' '${cli}'`)
    const text = words.endsWith('example.com') ? `${words} ${options.join(' ')}` : words
    const running = startProcess(t, 'bash', ['-c', text], {}, cwd)
    t.equal(await running.ended, 0, `${command.text}\n${running.output.stderr}`)
    if (command.output !== undefined) compareOutput(t, command, running.output.stdout)
  }
})

t.test('the options on the page are those of the command', async t => {
  const running = startProcess(t, process.execPath, [cli, 'import', '--help'], {}, t.testdir())
  await running.ended
  const names = (text: string): string[] => [...new Set(text.match(/(?<![\w-])--?[a-z46][a-z-]*/g))].toSorted()
  const rows = readPage('docs/import.md').matchAll(/^\| (`-.*?) \|/gm)
  const table = [...rows].map(([, options = '']) => options).join('\n')
  const help = running.output.stdout.split('\n').map(line => /^ +(-.*?)(?: {2}|$)/.exec(line)?.[1] ?? '').join('\n')
  t.strictSame(names(table), names(help).filter(name => name !== '-h' && name !== '--help'))
})
