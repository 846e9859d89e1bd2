import { statSync } from 'node:fs'

/** What differs after a file has changed, whatever the file system, also if the path leads through other links. */
export interface FileStamp {
  readonly size: number
  readonly modified: number
  /** Also changes with the content when a program sets the time of modification. */
  readonly changed: number
  readonly inode: number
}

/** Differs from every other stamp, itself included. */
export const unknownStamp: FileStamp = { size: NaN, modified: NaN, changed: NaN, inode: NaN }

const missing: FileStamp = { size: -1, modified: 0, changed: 0, inode: 0 }

/** Without promises, which would take most of the time for 100,000 files. */
export function readStamp (path: string): FileStamp {
  try {
    const { size, mtimeMs, ctimeMs, ino } = statSync(path)
    return { size, modified: mtimeMs, changed: ctimeMs, inode: ino }
  } catch {
    return missing
  }
}

export function equalStamps (left: FileStamp, right: FileStamp): boolean {
  return left.size === right.size && left.modified === right.modified && left.changed === right.changed &&
    left.inode === right.inode
}

/** In milliseconds: no file system has coarser times. */
const coarsestTime = 2_000

/** Whether another change could have left the same stamp, because it is that recent. */
export function isRecent ({ changed }: FileStamp): boolean {
  return Math.abs(Date.now() - changed) < coarsestTime
}
