import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

export interface Program {
  /** Stops it with SIGTERM, and resolves with its exit status. */
  readonly stop: () => Promise<number | null>
}

interface Start {
  readonly command: string
  readonly args: readonly string[]
  /** What it writes once it is ready, in any order. */
  readonly ready: readonly RegExp[]
  readonly directory: string
  readonly environment?: Readonly<Record<string, string>>
  /** Time to become ready, in milliseconds. Then it is stopped, and its output reported. */
  readonly timeout?: number
}

// On Debian, /usr/sbin isn't on the path of users other than root.
const searchPath = `${process.env.PATH}:/usr/sbin`

/** @throws {Error} if a command isn't installed, with the Debian package that has it. */
export function requireCommand (command: string, debianPackage: string): void {
  if (searchPath.split(':').some(directory => existsSync(resolve(directory, command)))) return
  throw new Error(`${command} is not installed: apt-get install --no-install-recommends ${debianPackage}`)
}

/**
 * Starts a program in the foreground, and resolves when it is ready.
 *
 * @throws {Error} if it exits, or isn't ready in time; with its output.
 */
export async function startProgram (start: Start): Promise<Program> {
  const { command, args, ready, directory, environment, timeout = 200_000 } = start
  const child = spawn(command, args, {
    cwd: directory,
    env: { PATH: searchPath, HOME: directory, ...environment },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const ended = once(child, 'exit')
  const patience = setTimeout(() => child.kill(), timeout)
  await new Promise<void>((resolve, reject) => {
    let output = ''
    child.once('error', reject)
    child.once('exit', status => reject(new Error(`${command} exited with ${status}:\n${output}`)))
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
        if (ready.every(line => line.test(output))) resolve()
      })
    }
  }).finally(() => clearTimeout(patience))
  return {
    stop: async () => {
      child.kill()
      await ended
      return child.exitCode
    }
  }
}
