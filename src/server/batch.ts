import type { DestinationStream } from 'pino'

/** A destination that can be told to see to it that all is written. */
export interface FlushableDestination extends DestinationStream {
  flush (done: () => void): void
}

/**
 * A destination that hands lines on once a turn of the event loop, all of that turn together: under load that is a
 * write for dozens of requests instead of one for each. Pino has it write at once on a fatal line.
 */
export function batchLines (destination: FlushableDestination): FlushableDestination & { flushSync (): void } {
  let lines = ''
  function flushSync (): void {
    const written = lines
    lines = ''
    if (written !== '') destination.write(written)
  }
  return {
    write (line) {
      if (lines === '') setImmediate(flushSync)
      lines += line
    },
    flushSync,
    flush (done) {
      flushSync()
      destination.flush(done)
    }
  }
}
