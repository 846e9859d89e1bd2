import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

export interface Program {
  /** Ends it with SIGTERM, and resolves with its exit status once it is gone. */
  readonly stop: () => Promise<number | null>
}

interface Start {
  readonly command: string
  readonly args: readonly string[]
  /** What it writes once it is ready, in any order. */
  readonly ready: readonly RegExp[]
  readonly directory: string
  readonly environment?: Readonly<Record<string, string>>
}

// Debian leaves the second out of the path of users that are not root.
const searchPath = `${process.env.PATH}:/usr/sbin`

/** @throws {Error} when a command is not there, with the Debian package that has it. */
export function requireCommand (command: string, debianPackage: string): void {
  if (searchPath.split(':').some(directory => existsSync(resolve(directory, command)))) return
  throw new Error(`${command} is not installed: apt-get install --no-install-recommends ${debianPackage}`)
}

/** For a program to be ready, in milliseconds: then it is stopped, and what it wrote is told. */
const timeout = 20_000

/**
 * Starts a program in the foreground, and resolves when it is ready.
 *
 * @throws {Error} when it ends instead, or is not ready in time; with what it wrote.
 */
export async function startProgram ({ command, args, ready, directory, environment }: Start): Promise<Program> {
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
