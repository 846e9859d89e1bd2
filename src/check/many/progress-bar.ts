import type { WriteStream } from 'node:tty'
import { formatCount } from '../../matrix/format-count.ts'
import { shorten } from '../../matrix/short-text.ts'

/** How far a run is. */
export interface Standing {
  readonly all: number
  readonly done: number
  readonly failing: number
}

/** A line at the bottom of a terminal; nothing elsewhere. */
export interface ProgressBar {
  readonly show: (standing: Standing) => void
  clear (): void
}

type Stream = Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>

/** @param now in milliseconds. */
export function openProgressBar (stream: Stream, glyphs: boolean, now = () => performance.now()): ProgressBar {
  if (stream.isTTY !== true) return { show () {}, clear () {} }
  const start = now()
  // Return to the start of the line and erase it.
  const clear = (): void => { stream.write('\r\u001b[K') }
  return {
    clear,
    show (standing) {
      clear()
      const bar = renderBar(standing, now() - start, glyphs)
      stream.write(shorten(bar, (stream.columns || 80) - 1, glyphs ? '…' : '...'))
    }
  }
}

/** In characters. */
const barWidth = 20

function renderBar ({ all, done, failing }: Standing, elapsed: number, glyphs: boolean): string {
  const [full, empty] = glyphs ? ['█', '░'] : ['#', '-']
  const width = Math.floor(barWidth * done / all)
  const left = done === 0 ? '' : `, ${formatTimeLeft(elapsed / done * (all - done))}`
  const counts = `${formatCount(done)} of ${formatCount(all)}, ${formatCount(failing)} failing`
  return `[${full.repeat(width)}${empty.repeat(barWidth - width)}] ${counts}${left}`
}

function formatTimeLeft (milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1_000)
  return seconds < 100 ? `${seconds} s left` : `${Math.ceil(seconds / 60)} min left`
}
