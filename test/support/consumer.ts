import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** The folder in which .ci/consumer has installed the package, as its users do. */
export const consumer = process.env.CONSUMER ?? ''
if (consumer === '') throw new Error('CONSUMER is not set: run npm run test:package or npm run test:examples')

/** A file of the repository. */
export function repositoryFile (path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url))
}

interface Run {
  readonly status: number
  readonly output: string
}

/** Runs a program that is installed there, and returns its exit status and all that it prints. */
export async function runInConsumer (file: string, args: readonly string[]): Promise<Run> {
  const run = promisify(execFile)(process.execPath, [`${consumer}/node_modules/${file}`, ...args], { cwd: consumer })
  return await run.then(
    ({ stdout, stderr }) => ({ status: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }: { code: number, stdout: string, stderr: string }) =>
      ({ status: code, output: stdout + stderr })
  )
}
