import { cpSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { Test } from 'tap'
import { parse } from 'yaml'
import { cli, startProcess } from '../support/cli.ts'
import { commandsFor, compareOutput, readPage } from '../support/pages.ts'

const example = fileURLToPath(new URL('../../.env.example', import.meta.url))

/** The files that the pages mention; the staging server's `M_SERVER` has no port, and two sites have one host. */
const files = {
  'staging.env': 'SERVER_NAME=staging.example.com\nM_SERVER=matrix.staging.example.com\n',
  sites: {
    'example.com.env': 'SERVER_NAME=example.com\nHOST_ALIASES=matrix.example.com\nM_SERVER=matrix.example.com:443\n',
    'example.net.env': 'SERVER_NAME=example.net\nHOST_ALIASES=matrix.example.com\nM_SERVER=matrix.example.com:443\n',
    'example.org.env': 'SERVER_NAME=example.org\nM_SERVER=https://matrix.example.org\n'
  }
}

interface Ran {
  readonly status: number | NodeJS.Signals
  readonly output: string
}

async function run (t: Test, command: string, cwd: string): Promise<Ran> {
  const words = command.replaceAll('npx matrix-well-known', `'${process.execPath}' '${cli}'`)
    .replaceAll(/^matrix-well-known/g, `'${process.execPath}' '${cli}'`)
  const running = startProcess(t, 'bash', ['-c', words], {}, cwd)
  const status = await running.ended
  return { status, output: running.output.stdout + running.output.stderr }
}

t.test('the commands on the pages print what the pages show', async t => {
  const statuses = [0, 78, 78]
  const commands = commandsFor('validate')
  t.equal(commands.length, statuses.length)
  for (const [index, command] of commands.entries()) {
    const cwd = t.testdir(files)
    cpSync(example, `${cwd}/.env.example`)
    const { status, output } = await run(t, command.text, cwd)
    t.equal(status, statuses[index], command.text)
    const result = { valid: false, problems: [{ severity: 'warning' }] }
    if (command.text.includes('--json')) t.match(JSON.parse(output), result)
    else compareOutput(t, command, output)
  }
})

interface Hook {
  readonly entry: string
  readonly files: string
  readonly pass_filenames?: boolean
}

t.test('the hooks for pre-commit reject a commit with faults, and no other', async t => {
  const [, yaml = ''] = /^```yaml\n(repos:.*?)```$/ms.exec(readPage('docs/validate.md')) ?? []
  const { repos: [{ hooks }] } = parse(yaml) as { repos: [{ hooks: Hook[] }] }
  const good = 'SERVER_NAME=example.com\n'
  const cases: [changed: string, text: string, statuses: number[]][] = [
    ['.env', `${good}PORT=1`, [0]],
    ['.env', `${good}PORT=x`, [78]],
    ['deploy/.env', 'PORT=1', [78]],
    ['sites/b.env', good, [0]],
    ['sites/b.env', 'SERVER_NAME=a.example', [78]],
    ['sites/.env', good, [0, 0]],
    ['README.md', 'PORT=x', []],
    ['my.env.md', 'PORT=x', []]
  ]
  for (const [changed, text, expected] of cases) {
    const cwd = t.testdir({ '.env': good, deploy: { '.env': good }, sites: { 'a.env': 'SERVER_NAME=a.example' } })
    writeFileSync(`${cwd}/${changed}`, text)
    const statuses = []
    for (const { entry, files, pass_filenames: passed = true } of hooks) {
      if (!new RegExp(files).test(changed)) continue
      statuses.push((await run(t, passed ? `${entry} '${changed}'` : entry, cwd)).status)
    }
    t.strictSame(statuses, expected, `${changed}: ${text}`)
  }
})
