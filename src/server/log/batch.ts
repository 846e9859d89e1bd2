import type { DestinationStream } from 'pino'

/** A destination that can be asked to write what it still holds. */
export interface FlushableDestination extends DestinationStream {
  flush (done: () => void): void
}

/** In characters: a larger batch is written before the turn ends. */
const maxBatch = 65_536

/**
 * A destination that passes on all lines of one turn of the event loop together: under load, that is one write for
 * dozens of requests instead of one for each.
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
      if (lines.length > maxBatch) flushSync()
    },
    // Pino calls it after a fatal line, because the process may end right after it.
    flushSync,
    flush (done) {
      flushSync()
      destination.flush(done)
    }
  }
}
