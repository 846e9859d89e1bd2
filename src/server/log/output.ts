import type { Writable } from 'node:stream'
import type { FlushableDestination } from './batch.ts'
import { limits } from '../limits.ts'

/**
 * Standard output as a destination for a log, where a log that can't be written must not keep anybody from being
 * served: nothing waits for it, and what it does not take is lost.
 *
 * @param tell is told when lines begin to be lost, and how many were once they are written again.
 */
export function openOutput (output: Writable, tell: (line: string) => void): FlushableDestination {
  let lost = 0
  function lose (lines: string, reason: string): void {
    if (lost === 0) tell(`The log can not be written (${reason}): serving goes on, lines are lost.`)
    lost += lines.split('\n').length - 1
  }
  // Unheard it would end the process. Each write is told of its own error below.
  output.on('error', () => {})
  return {
    write (lines) {
      if (output.writableLength + lines.length > limits.maxLogBacklog) return lose(lines, 'nobody reads it')
      output.write(lines, error => {
        if (error instanceof Error) return lose(lines, error.message)
        if (lost === 0 || output.writableLength > 0) return
        tell(`The log is written again: ${lost} lines are lost.`)
        lost = 0
      })
    },
    flush (done) {
      const patience = setTimeout(done, limits.lingerTimeout)
      output.write('', () => { clearTimeout(patience); done() })
    }
  }
}
