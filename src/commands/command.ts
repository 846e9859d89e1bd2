import type { Readable, Writable } from 'node:stream'
import type { WriteStream } from 'node:tty'
import type { Environment } from '../config/environment.ts'
import type { ExitStatus } from '../exit-status.ts'

export type OutputStream = Writable & Partial<Pick<WriteStream, 'isTTY' | 'hasColors' | 'columns' | 'rows'>>

/** What a command gets from the process that runs it. */
export interface CommandContext {
  /** Without the `.env` in the working directory. */
  readonly environment: Environment
  /** What Node was started with: `NODE_OPTIONS`, then its options on the command line. */
  readonly nodeOptions: readonly string[]
  readonly stdin: Readable
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  /** Of this program. */
  readonly version: string
  /** Emits the signals that the process gets; what is not listened to ends the process. */
  readonly signals: Readonly<Record<'on' | 'once', (signal: NodeJS.Signals, listener: () => void) => unknown>>
}

/** A command: the part of the command line after its name leads to an exit status. */
export interface Command {
  /** Fits a terminal of 80 columns. */
  readonly usage: string
  /** Whether the process goes on after `run` has returned. */
  readonly keepsRunning?: true
  /** @throws {UsageError} if the arguments are wrong, {ConfigError} if the settings are. */
  run (args: readonly string[], context: CommandContext): Promise<ExitStatus>
}
