import type { WriteStream } from 'node:tty'

/** A line on a terminal that says what the check is waiting for; elsewhere, nothing. */
export interface Progress {
  readonly show: ((waitingFor: readonly string[]) => void) | undefined
  clear (): void
}

type Stream = Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>

export function showProgress (stream: Stream): Progress {
  if (stream.isTTY !== true) return { show: undefined, clear: () => {} }
  // Return to the start of the line and erase it.
  const clear = (): void => { stream.write('\r\u001b[K') }
  return {
    clear,
    show (waitingFor) {
      const [first] = waitingFor
      if (first === undefined) return
      const more = waitingFor.length > 1 ? ` and ${waitingFor.length - 1} more` : ''
      const text = `waiting for ${first}${more}`.replaceAll(/[^\x20-\x7e]/g, '?')
      clear()
      stream.write(text.slice(0, (stream.columns || 80) - 1))
    }
  }
}
