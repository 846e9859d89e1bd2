import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { settingNames } from '../../src/config/settings.ts'
import type { SettingName } from '../../src/config/settings.ts'

/** The command as it was last built. */
export const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
/** What measures coverage, in a child too. The loader of TypeScript stays behind: the command is run as it is built. */
const inherited = process.execArgv.filter(option => !option.includes('@tapjs') || option.includes('processinfo'))

/** The command in a process of its own, that is gone when the test is over. */
export interface RunningCli {
  /** The next line on standard output that has this in it. */
  lineWith (part: string): Promise<string>
  /** All that was written so far. */
  readonly output: { stdout: string, stderr: string }
  kill (signal: NodeJS.Signals): void
  readonly pid: number
  /** The exit status, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
}

/** Runs the command, as it was last built, with these settings alone, in a directory without a .env unless one is named; a shell may prepare something first. */
export function startCli (t: Test, args: readonly string[], environment: Record<string, string>, { cwd = t.testdir(), nodeOptions = [] as string[], shell = 'exec "$@"', measured = true } = {}): RunningCli {
  const options = [...measured ? inherited : [], ...nodeOptions]
  return startProcess(t, 'bash', ['-c', shell, 'bash', process.execPath, ...options, cli, ...args], environment, cwd)
}

/** The option by which Node loads a file of this folder before the command. */
export function preload (name: string): string {
  return `--import=${new URL(`${name}.js`, import.meta.url).href}`
}

/** The same on a terminal of its own, whose output comes as standard output. */
export function startCliOnTerminal (t: Test, environment: Record<string, string>, args: readonly string[] = []): RunningCli {
  const words = [process.execPath, ...inherited, cli, ...args].map(word => `'${word}'`)
  return startProcess(t, 'script', ['--quiet', '--return', '--command', `exec ${words.join(' ')}`, '/dev/null'], { TERM: 'dumb', ...environment, SHELL: '/bin/sh' }, t.testdir())
}

/** Runs a program with these settings alone; it is gone when the test is over. */
export function startProcess (t: Test, file: string, args: readonly string[], environment: Record<string, string>, cwd: string): RunningCli {
  // What the runner of the tests says of colours is meant for itself; and in CI there are none.
  const outside = Object.entries(process.env).filter(([name]) => !settingNames.includes(name.replace(/_FILE$/, '') as SettingName) && !name.includes('COLOR') && name !== 'CI')
  const child = spawn(file, args, { cwd, env: { ...Object.fromEntries(outside), ...environment }, stdio: ['ignore', 'pipe', 'pipe'] })
  t.teardown(() => child.kill('SIGKILL'))
  const output = { stdout: '', stderr: '' }
  child.stderr.on('data', (chunk: Buffer) => { output.stderr += chunk.toString() })
  const lines: string[] = []
  const waiting = new Set<() => void>()
  createInterface(child.stdout).on('line', line => {
    lines.push(line)
    output.stdout += `${line}\n`
    for (const wake of waiting) wake()
  })
  const ended = once(child, 'close').then(([status, signal]: unknown[]) => (status ?? signal) as number | NodeJS.Signals)
  return {
    output,
    kill: signal => { child.kill(signal) },
    pid: child.pid ?? NaN,
    ended,
    async lineWith (part) {
      const find = (): string | undefined => lines.find(line => line.includes(part))
      return find() ?? await new Promise<string>((resolve, reject) => {
        const wake = (): void => {
          const line = find()
          if (line === undefined) return
          waiting.delete(wake)
          resolve(line)
        }
        waiting.add(wake)
        ended.then(() => reject(new Error(`ended without a line with "${part}":\n${output.stdout}${output.stderr}`)), reject)
      })
    }
  }
}

/** The port in the line that tells where the server listens. */
export async function portOf (running: RunningCli): Promise<number> {
  const line = await running.lineWith('serving the well-known documents')
  return Number(/:(\d+)"/.exec(line)?.[1])
}
