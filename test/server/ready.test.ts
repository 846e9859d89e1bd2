import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import t from 'tap'
import type { Test } from 'tap'
import { startCli } from '../support/cli.ts'
import type { RunningCli } from '../support/cli.ts'

/** Runs a command as systemd does, with a script in place of systemd-notify, and a named pipe as the socket. */
function startService (t: Test, command: string, script: string, settings: Record<string, string>): RunningCli {
  const cwd = t.testdir({ 'systemd-notify': `#!/bin/sh\n${script}\n` })
  execFileSync('chmod', ['+x', `${cwd}/systemd-notify`])
  execFileSync('mkfifo', [`${cwd}/socket`])
  const service = { PATH: `${cwd}:${process.env.PATH}`, NOTIFY_SOCKET: `${cwd}/socket` }
  return startCli(t, [command], { HOST: '127.0.0.1', PORT: '0', ...service, ...settings }, { cwd })
}

const commands = [
  ['serve', { SERVER_NAME: 'example.com' }],
  // It has nothing to check.
  ['monitor', { SITES_DIR: '.' }]
] as const

for (const [command, settings] of commands) {
  t.test(`systemd learns when and where ${command} listens`, async t => {
    const cli = startService(t, command, 'printf "%s\\n" "$@" > "$NOTIFY_SOCKET"', settings)
    const lines = (await readFile(`${t.testdirName}/socket`, 'utf8')).split('\n')
    const [address = 'no address'] = /http:\/\/[\d.:]+/.exec(await cli.lineWith('http://')) ?? []
    t.strictSame(lines, ['--ready', `--status=Listening at ${address}`, ''])
    t.equal((await fetch(`${address}/health`)).status, 200)
    cli.kill('SIGTERM')
    t.equal(await cli.ended, 0)
  })
}

t.test('if systemd can\'t be reached, the log says so, and the server keeps running', async t => {
  const script = 'echo "Failed to notify init system: Permission denied" >&2; exit 1'
  const cli = startService(t, 'serve', script, { SERVER_NAME: 'example.com' })
  const line = await cli.lineWith('systemd')
  t.match(line, /"level":"error".*Permission denied.*: install systemd-notify, or set Type=exec"/)
  cli.kill('SIGTERM')
  t.equal(await cli.ended, 0)
})
