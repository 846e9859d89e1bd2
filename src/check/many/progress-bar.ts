import type { WriteStream } from 'node:tty'
import { formatCount } from '../../matrix/format-count.ts'
import { eraseLine, fitLine } from '../report/progress.ts'

/** How far a run is. */
export interface Standing {
  readonly all: number
  readonly done: number
  readonly failing: number
  /** The names that are being checked, those first that began first. */
  readonly running: readonly string[]
}

/** A line at the bottom of a terminal; nothing elsewhere. */
export interface ProgressBar {
  readonly show: () => void
  clear (): void
  /** Clears it for good. */
  close (): void
}

export interface ProgressBarOptions {
  /** Whether the terminal has characters outside ASCII. */
  readonly glyphs: boolean
  /** In milliseconds. */
  readonly now?: () => number
  /** How often it is drawn again while nothing happens, in milliseconds. */
  readonly interval?: number
}

type Stream = Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'columns'>>

/** Opens a bar on a terminal that can erase lines. */
export function openProgressBar (
  stream: Stream,
  getStanding: () => Standing,
  { glyphs, now = () => performance.now(), interval = 1_000 }: ProgressBarOptions
): ProgressBar {
  const start = now()
  const clear = (): void => { stream.write(eraseLine) }
  const show = (): void => {
    const bar = renderBar(getStanding(), now() - start, glyphs)
    stream.write(`${eraseLine}${fitLine(stream, bar, glyphs ? '…' : '...')}`)
  }
  const timer = setInterval(show, interval)
  timer.unref()
  return {
    show,
    clear,
    close () {
      clearInterval(timer)
      clear()
    }
  }
}

/** Of a run that nothing on a terminal shows. */
export const noProgressBar: ProgressBar = { show () {}, clear () {}, close () {} }

/** In characters. */
const barWidth = 20

function renderBar (standing: Standing, elapsed: number, glyphs: boolean): string {
  const { all, done, failing } = standing
  const [full, empty] = glyphs ? ['█', '░'] : ['#', '-']
  const width = Math.floor(barWidth * done / all)
  const parts = [
    `${formatCount(done)} of ${formatCount(all)}`,
    `${formatCount(failing)} failing`,
    ...describeRest(standing, elapsed)
  ]
  return `[${full.repeat(width)}${empty.repeat(barWidth - width)}] ${parts.join(', ')}`
}

/** How long the rest takes at the speed so far. When all have begun, only the slowest are left, and named instead. */
function describeRest ({ all, done, running }: Standing, elapsed: number): string[] {
  const [first] = running
  if (first === undefined) return []
  const others = running.length - 1
  if (done + running.length === all) return [`waiting for ${first}${others === 0 ? '' : ` and ${others} more`}`]
  // The first to end are the fastest.
  if (done < running.length) return []
  const doneByHalf = running.length / 2
  return [formatTimeLeft(elapsed / (done + doneByHalf) * (all - done - doneByHalf))]
}

function formatTimeLeft (milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1_000)
  if (seconds < 100) return `${seconds} s left`
  const minutes = Math.ceil(seconds / 60)
  return minutes < 100 ? `${minutes} min left` : `${Math.ceil(minutes / 60)} h left`
}
