import { ConfigError } from '../config/fault.ts'
import { exitStatus } from '../exit-status.ts'
import type { ExitStatus } from '../exit-status.ts'

/** Where the lines about an error go. */
export interface ErrorLines {
  warn (line: string): void
  fail (line: string): void
}

/**
 * Reports wrong settings, why the server can't listen, or why nothing can be imported.
 *
 * @throws the error itself if it is anything else, which is a bug.
 */
export function reportExpectedError (error: unknown, { warn, fail }: ErrorLines): ExitStatus {
  if (error instanceof ConfigError) {
    for (const { message } of error.warnings) warn(message)
    for (const { message } of error.faults) fail(message)
    return exitStatus.config
  }
  const status = error instanceof Error && 'code' in error ? statuses.get(error.code) : undefined
  if (status === undefined) throw error
  for (const line of String(Object(error).message).split('\n')) fail(line)
  return status
}

/** Of errors that each command may have, by their codes: their modules are not loaded by the other commands. */
const statuses: ReadonlyMap<unknown, ExitStatus> = new Map<unknown, ExitStatus>([
  ['ERR_LISTEN', exitStatus.failure],
  ['ERR_IMPORT_ARGUMENTS', exitStatus.usage],
  ['ERR_IMPORT_UNREADABLE', exitStatus.failure],
  ['ERR_IMPORT_UNUSABLE', exitStatus.config]
])
