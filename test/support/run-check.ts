import { PassThrough } from 'node:stream'
import { run } from '../../src/commands/check.ts'
import type { CommandContext } from '../../src/commands/command.ts'
import { readAll } from './read-all.ts'

/** Options of a check without any network: the address of an only host such as 192.0.2.1 is refused. */
export const withoutNetwork = ['--public-only', '--dns=127.0.0.1:1', '--timeout=1'] as const

export interface RanCheck {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs `check` in this process. */
export async function runCheck (args: readonly string[], changes: Partial<CommandContext> = {}): Promise<RanCheck> {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  let printed = ''
  stdout.on('data', (chunk: Buffer) => { printed += chunk.toString() })
  const input = { environment: {}, nodeOptions: [], stdin: new PassThrough() }
  const context = { ...input, version: '1.2.3', stdout, stderr, signals: process }
  const status = await run(args, { ...context, ...changes })
  return { status, stdout: printed, stderr: readAll(stderr) }
}
