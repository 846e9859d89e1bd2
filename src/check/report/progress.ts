import type { WriteStream } from 'node:tty'
import { shorten } from '../../matrix/short-text.ts'

/** What the check is waiting for: a line on a terminal; elsewhere, a line every few seconds. */
export interface Progress {
  readonly show: (waitingFor: readonly string[]) => void
  clear (): void
}

/** Whether what was written to a terminal can be erased again. */
export function canErase ({ isTTY }: Partial<Pick<WriteStream, 'isTTY'>>, term: string | undefined): boolean {
  return isTTY === true && term !== 'dumb'
}

type Stream = Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>

/** Without a terminal, most checks are over before anything is printed. In milliseconds. */
const plainInterval = 5_000

/** @param term the type of the terminal, from the environment. */
export function showProgress (stream: Stream, term: string | undefined, interval = plainInterval): Progress {
  return canErase(stream, term) ? showLine(stream) : printLines(stream, interval)
}

function showLine (stream: Stream): Progress {
  // Return to the start of the line and erase it.
  const clear = (): void => { stream.write('\r\u001b[K') }
  return {
    clear,
    show (waitingFor) {
      const text = describePending(waitingFor)
      if (text === undefined) return
      clear()
      stream.write(shorten(text, (stream.columns || 80) - 1, '...'))
    }
  }
}

function printLines (stream: Stream, interval: number): Progress {
  let current: readonly string[] = []
  const timer = setInterval(() => {
    const text = describePending(current)
    if (text !== undefined) stream.write(`${text}\n`)
  }, interval)
  timer.unref()
  return {
    clear: () => clearInterval(timer),
    show: waitingFor => { current = waitingFor }
  }
}

function describePending (waitingFor: readonly string[]): string | undefined {
  const [first] = waitingFor
  if (first === undefined) return undefined
  const more = waitingFor.length > 1 ? ` and ${waitingFor.length - 1} more` : ''
  return `waiting for ${first}${more}`.replaceAll(/[^\x20-\x7e]/g, '?')
}
