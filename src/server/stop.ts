import closeWithGrace from 'close-with-grace'
import type { Logger } from 'pino'
import { limits } from './limits.ts'

/**
 * Signals and events that close-with-grace must not listen to. With a listener for a signal that a crash raises, Node
 * would not end but crash in a loop. `beforeExit` occurs only if listening has failed. The other two don't stop us.
 */
const skip = ['SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGSEGV', 'beforeExit', 'SIGHUP', 'SIGUSR2'] as const

/** On a signal, or an error that would end the process, closes what is open, and exits when the log is written. */
export function stopOnSignals (close: () => Promise<unknown>, log: Logger): void {
  closeWithGrace({ delay: limits.stopTimeout, logger: log, skip: [...skip] }, async ({ signal, err }) => {
    if (err !== undefined) log.fatal(err, 'stopping after an error of the program')
    else log.info(`${signal}: stopping`)
    await close()
    await new Promise<void>(resolve => log.flush(() => resolve()))
  })
}
