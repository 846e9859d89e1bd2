import type { Writable } from 'node:stream'
import type { FlushableDestination } from './batch.ts'
import { limits } from '../limits.ts'

/**
 * Standard output as a destination for a log. If the log can't be written, lines are dropped and serving continues.
 *
 * Pino's own destination doesn't do that: on a full disk, sonic-boom's flushSync retries ENOSPC forever, so that the
 * process never exits.
 *
 * @param report is called when lines are dropped, and with their number once the log is written again.
 */
export function openOutput (output: Writable, report: (line: string) => void): FlushableDestination {
  let dropped = 0
  function drop (lines: string, reason: string): void {
    if (dropped === 0) report(`Can't write the log (${reason}); still serving, but log lines are being dropped.`)
    dropped += lines.split('\n').length - 1
  }
  // Without a listener, an 'error' event would crash the process. Each write gets its own error below.
  output.on('error', () => {})
  return {
    write (lines) {
      if (output.writableLength + lines.length > limits.maxLogBacklog) return drop(lines, 'its reader is too slow')
      output.write(lines, error => {
        if (error instanceof Error) return drop(lines, error.message)
        if (dropped === 0 || output.writableLength > 0) return
        report(`The log is being written again; lines dropped: ${dropped}.`)
        dropped = 0
      })
    },
    flush (done) {
      const timer = setTimeout(done, limits.lingerTimeout)
      output.write('', () => { clearTimeout(timer); done() })
    }
  }
}
