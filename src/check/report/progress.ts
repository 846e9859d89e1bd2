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

/** Returns to the start of the line and erases it. */
export const eraseLine = '\r\u001b[K'

/** Cuts a text to the width of a terminal. */
export function fitLine ({ columns }: Pick<Stream, 'columns'>, text: string, ellipsis: string): string {
  return shorten(text, (columns || 80) - 1, ellipsis)
}

type Stream = Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>

/** Without a terminal, most checks are over before anything is printed. In milliseconds. */
const plainInterval = 5_000

/** @param term the type of the terminal, from the environment. */
export function showProgress (stream: Stream, term: string | undefined, interval = plainInterval): Progress {
  return canErase(stream, term) ? showLine(stream) : printLines(stream, interval)
}

function showLine (stream: Stream): Progress {
  const clear = (): void => { stream.write(eraseLine) }
  return {
    clear,
    show (waitingFor) {
      const text = describePending(waitingFor)
      if (text === undefined) return
      clear()
      stream.write(fitLine(stream, text, '...'))
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
