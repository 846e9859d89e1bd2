import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface Program {
  /** Ends it with SIGTERM, and resolves with its exit status once it is gone. */
  readonly stop: () => Promise<number | null>
}

interface Start {
  readonly command: string
  readonly args: readonly string[]
  /** The Debian package that has the command. */
  readonly debianPackage: string
  /** What it writes once it is ready, in any order. */
  readonly ready: readonly RegExp[]
  readonly directory: string
  readonly environment?: Readonly<Record<string, string>>
}

/** For a program to be ready, in milliseconds: then it is stopped, and what it wrote is told. */
const timeout = 20_000

/**
 * Starts a program in the foreground, and resolves when it is ready.
 *
 * @throws {Error} when it is not installed, or ends instead; with what it wrote.
 */
export async function startProgram ({ command, args, debianPackage, ready, directory, environment }: Start): Promise<Program> {
  const child = spawn(command, args, {
    cwd: directory,
    env: { PATH: `${process.env.PATH}:/usr/sbin`, HOME: directory, ...environment },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const ended = once(child, 'exit')
  const patience = setTimeout(() => child.kill(), timeout)
  await new Promise<void>((resolve, reject) => {
    let output = ''
    child.once('error', error => reject('code' in error && error.code === 'ENOENT'
      ? new Error(`${command} is not installed: apt-get install --no-install-recommends ${debianPackage}`)
      : error))
    child.once('exit', status => reject(new Error(`${command} ended with ${status}:\n${output}`)))
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
