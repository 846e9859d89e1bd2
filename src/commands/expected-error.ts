import { ConfigError } from '../config/fault.ts'
import { exitStatus } from '../exit-status.ts'
import type { ExitStatus } from '../exit-status.ts'

/** Where the lines about an error go. */
export interface ErrorLines {
  warn (line: string): void
  fail (line: string): void
}

/**
 * Reports wrong settings, or why the server can't listen.
 *
 * @throws the error itself if it is anything else, which is a bug.
 */
export function reportExpectedError (error: unknown, { warn, fail }: ErrorLines): ExitStatus {
  if (error instanceof ConfigError) {
    for (const { message } of error.warnings) warn(message)
    for (const { message } of error.faults) fail(message)
    return exitStatus.config
  }
  if (error instanceof Error && 'code' in error && error.code === 'ERR_LISTEN') {
    fail(error.message)
    return exitStatus.failure
  }
  throw error
}
