import { statSync } from 'node:fs'

/**
 * Stands for the size, the times and the inode of a file, which differ after a change, whatever the file system, also
 * if the path leads through other links. It is one number of 53 bits, because there may be 100,000 files.
 */
export type FileStamp = number

/** Differs from every other stamp, itself included. */
const unknownStamp: FileStamp = NaN

/** A file as it is at a moment. */
export interface FileState {
  readonly stamp: FileStamp
  /** When it was changed, in milliseconds since 1970, by the clock of the file system. */
  readonly changed: number
}

/** In place of the state of a file that is missing, or whose folder can't be read. */
export const missingFile: FileState = { stamp: -1, changed: 0 }

/** Without promises, which would take most of the time for 100,000 files. */
export function readState (path: string): FileState {
  try {
    const { size, mtimeMs, ctimeMs, ino } = statSync(path)
    // The time of the last change of the file's status also changes when a program sets that of the content.
    return { stamp: combine([size, mtimeMs, ctimeMs, ino]), changed: ctimeMs }
  } catch {
    return missingFile
  }
}

export function readStamp (path: string): FileStamp {
  return readState(path).stamp
}

/** The stamp by which a later look finds a change: unknown if another change could have left the same. */
export function readStampToKeep (path: string): FileStamp {
  const { stamp, changed } = readState(path)
  return Math.abs(Date.now() - changed) < coarsestTime ? unknownStamp : stamp
}

/** In milliseconds: no file system has coarser times. */
const coarsestTime = 2_000

/** Two hashes of 32 bits, like FNV-1a. */
function combine (values: readonly number[]): number {
  const high = values.reduce(mix, 0x811c9dc5)
  const low = values.reduce(mix, 0x9e3779b9)
  return (high >>> 0) * 2 ** 21 + (low >>> 11)
}

function mix (state: number, value: number): number {
  // A time is a multiple of 2 ** -12 ms, the precision of a number of that size.
  const bits = value * 4096
  const first = Math.imul(state ^ bits, 0x01000193)
  const second = Math.imul(first ^ first >>> 15 ^ bits / 2 ** 32, 0x85ebca6b)
  return second ^ second >>> 13
}
