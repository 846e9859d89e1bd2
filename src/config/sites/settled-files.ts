import { readStamp, readState } from './file-stamp.ts'
import type { FileStamp } from './file-stamp.ts'
import type { Turns } from './turns.ts'

/** In milliseconds: the clock of a network file system may be behind, so that a file in the making looks old. */
const minWait = 250

/**
 * Waits until the youngest of these files is as old as `settleTime`, and selects those that have stayed the same
 * meanwhile: others are still being written.
 *
 * @param listPaths lists a file, and the files that belong to it.
 * @param settleTime in milliseconds. It never waits longer, also if the clock of the file system is ahead.
 */
export async function selectSettled (
  files: readonly string[], listPaths: (file: string) => readonly string[], settleTime: number, turns: Turns
): Promise<string[]> {
  const before = new Map<string, readonly FileStamp[]>()
  const now = Date.now()
  let wait = minWait
  await turns.forEach(files, file => {
    const states = listPaths(file).map(readState)
    before.set(file, states.map(({ stamp }) => stamp))
    for (const { changed } of states) wait = Math.max(wait, changed + settleTime - now)
  })
  await turns.pause(Math.min(wait, settleTime))
  const settled: string[] = []
  await turns.forEach(files, file => {
    const stamps = before.get(file)
    if (listPaths(file).every((path, i) => readStamp(path) === stamps?.[i])) settled.push(file)
  })
  return settled
}
