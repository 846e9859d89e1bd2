import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { settingNames } from '../../src/config/settings.ts'
import type { SettingName } from '../../src/config/settings.ts'

/** The command as last built. */
export const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
/** Node options that measure coverage in the child process too, but don't load TypeScript: the command is built. */
const inherited = process.execArgv.filter(option => !option.includes('@tapjs') || option.includes('processinfo'))

/** A running process, which is killed at the end of the test. */
export interface RunningCli {
  /** The first line on standard output that contains this, or the one after `skipped`, waiting for it if necessary. */
  lineWith (part: string, skipped?: number): Promise<string>
  /** Everything written so far. */
  readonly output: { stdout: string, stderr: string }
  kill (signal: NodeJS.Signals): void
  /** Writes to its standard input: on a terminal, presses keys. */
  type (keys: string): void
  readonly pid: number
  /** The exit status, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
}

interface CliOptions {
  /** An empty directory by default, so that there is no .env. */
  readonly cwd?: string
  readonly nodeOptions?: readonly string[]
  /** What a shell does with the command, such as redirecting its output. */
  readonly shell?: string
  /** Whether to measure coverage. */
  readonly measured?: boolean
}

/** Runs the command, as last built, with only these settings. */
export function startCli (
  t: Test, args: readonly string[], environment: Record<string, string>, options: CliOptions = {}
): RunningCli {
  const { cwd = t.testdir(), nodeOptions = [], shell = 'exec "$@"', measured = true } = options
  const words = [process.execPath, ...measured ? inherited : [], ...nodeOptions, cli, ...args]
  return startProcess(t, 'bash', ['-c', shell, 'bash', ...words], environment, cwd)
}

/** The option that makes Node load a file of this folder before the command. */
export function preload (name: string): string {
  return `--import=${new URL(`${name}.js`, import.meta.url).href}`
}

/** Runs the command on its own terminal; what it writes to the terminal is its standard output. */
export function startCliOnTerminal (
  t: Test, environment: Record<string, string>, args: readonly string[] = []
): RunningCli {
  const words = [process.execPath, ...inherited, cli, ...args].map(word => `'${word}'`)
  const script = ['--quiet', '--return', '--command', `exec ${words.join(' ')}`, '/dev/null']
  const running = startProcess(t, 'script', script, { TERM: 'dumb', ...environment, SHELL: '/bin/sh' }, t.testdir())
  // It stays when its terminal goes, so `script` has to pass a signal on.
  t.teardown(async () => {
    running.kill('SIGTERM')
    await running.ended
  })
  return running
}

/**
 * Whether a program inherits a variable: settings come only from the test, colors depend only on the output, and bash
 * warns about a locale that isn't installed.
 */
function isInherited (name: string): boolean {
  const isSetting = settingNames.includes(name.replace(/_FILE$/, '') as SettingName)
  return !isSetting && !name.includes('COLOR') && name !== 'CI' && name !== 'LC_ALL'
}

/** Runs a program with only these settings. */
export function startProcess (
  t: Test, file: string, args: readonly string[], environment: Record<string, string>, cwd: string
): RunningCli {
  const outside = Object.entries(process.env).filter(([name]) => isInherited(name))
  const env = { ...Object.fromEntries(outside), ...environment }
  const child = spawn(file, args, { cwd, env, stdio: 'pipe' })
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
  const ended = once(child, 'close')
    .then(([status, signal]: unknown[]) => (status ?? signal) as number | NodeJS.Signals)
  return {
    output,
    kill: signal => { child.kill(signal) },
    type: keys => { child.stdin.write(keys) },
    pid: child.pid ?? NaN,
    ended,
    async lineWith (part, skipped = 0) {
      const find = (): string | undefined => lines.filter(line => line.includes(part))[skipped]
      return find() ?? await new Promise<string>((resolve, reject) => {
        const wake = (): void => {
          const line = find()
          if (line === undefined) return
          waiting.delete(wake)
          resolve(line)
        }
        waiting.add(wake)
        ended.then(() => {
          reject(new Error(`ended without a line with "${part}":\n${output.stdout}${output.stderr}`))
        }, reject)
      })
    }
  }
}

/** The port in the line that says where the server listens. */
export async function portOf (running: RunningCli): Promise<number> {
  const line = await running.lineWith('serving the well-known documents')
  return Number(/:(\d+)"/.exec(line)?.[1])
}
