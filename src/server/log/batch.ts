import type { DestinationStream } from 'pino'

/** A destination that can be told to write what it still has. */
export interface FlushableDestination extends DestinationStream {
  flush (done: () => void): void
}

/** In characters: what a turn may gather before it is written all the same. */
const greatestBatch = 65_536

/**
 * A destination that hands lines on once a turn of the event loop, all of that turn together: under load that is a
 * write for dozens of requests instead of one for each.
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
      if (lines.length > greatestBatch) flushSync()
    },
    // Pino calls it after a fatal line, behind which the process may end.
    flushSync,
    flush (done) {
      flushSync()
      destination.flush(done)
    }
  }
}
