import type { WriteStream } from 'node:tty'

/** A line that says what is waited for, on a terminal; anywhere else nothing. */
export interface Progress {
  readonly show: ((waitingFor: readonly string[]) => void) | undefined
  clear (): void
}

export function showProgress (stream: Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>): Progress {
  if (stream.isTTY !== true) return { show: undefined, clear: () => {} }
  // Back to the beginning of the line, and clear it.
  const clear = (): void => { stream.write('\r\u001b[K') }
  return {
    clear,
    show (waitingFor) {
      const [first] = waitingFor
      if (first === undefined) return
      const text = waitingFor.length > 1 ? `waiting for ${first} and ${waitingFor.length - 1} more` : `waiting for ${first}`
      clear()
      stream.write(text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, (stream.columns || 80) - 1))
    }
  }
}
