import { setTimeout as sleep } from 'node:timers/promises'
import { readStamp, readStampToKeep } from './file-stamp.ts'
import type { FileStamp } from './file-stamp.ts'
import { loadSiteFile } from './site-file.ts'
import type { SiteFile } from './site-file.ts'
import { openSiteFolder } from './site-folder.ts'
import type { Turns } from './turns.ts'

export interface Changes {
  /** Files that are new, or have changed since they were loaded, sorted. */
  readonly changed: readonly string[]
  /** Files that were loaded and are no longer there. */
  readonly removed: readonly string[]
}

interface KnownFile {
  /** As of when it was loaded. */
  readonly stamp: FileStamp
  /** Of the files that it names. */
  readonly valueStamps: ReadonlyMap<string, FileStamp>
  /** The number of the look that has found it. */
  seen: number
}

/** How long a file has to stay the same before a poll loads it, in milliseconds. */
const settleTime = 250

const noStamps: ReadonlyMap<string, FileStamp> = new Map()

/** The site files of a folder as they were when they were loaded: finds those that differ now. */
export class FolderChanges {
  readonly #folder: string
  readonly #files = new Map<string, KnownFile>()
  #looks = 0

  constructor (folder: string) {
    this.#folder = folder
  }

  /**
   * @param settled whether to leave out files that are still being written.
   * @throws {SiteFolderError} if the folder can't be read; then no file counts as removed.
   */
  async find (settled: boolean, turns: Turns): Promise<Changes> {
    const paths = await openSiteFolder(this.#folder)
    this.#looks++
    const changed = new Map<string, FileStamp>()
    let found = 0
    await turns.forEach(inTuples(paths), ([path]) => {
      const stamp = readStamp(path)
      const known = this.#files.get(path)
      if (known !== undefined) {
        known.seen = this.#looks
        found++
      }
      if (known === undefined || hasChanged(known, stamp)) changed.set(path, stamp)
    })
    const removed = found < this.#files.size ? await this.#forgetRemoved(turns) : []
    const ready = settled && changed.size > 0 ? await findSettled(changed, turns) : [...changed.keys()]
    return { changed: ready.sort(), removed }
  }

  /** Loads a file, and remembers it as it is. */
  load (file: string): SiteFile {
    // Before the content, so that a change in between is noticed by the next look.
    const stamp = readStampToKeep(file)
    const loaded = loadSiteFile(file)
    const valueStamps = loaded.valueFiles.map(path => [path, readStampToKeep(path)] as const)
    this.#files.set(file, {
      stamp,
      valueStamps: valueStamps.length === 0 ? noStamps : new Map(valueStamps),
      seen: this.#looks
    })
    return loaded
  }

  async #forgetRemoved (turns: Turns): Promise<string[]> {
    const removed: string[] = []
    await turns.forEach(this.#files, ([file, { seen }]) => {
      if (seen === this.#looks) return
      removed.push(file)
      this.#files.delete(file)
    })
    return removed
  }
}

/** As `Turns` takes them, one at a time. */
function * inTuples (paths: Iterable<string>): Generator<readonly [path: string]> {
  for (const path of paths) yield [path]
}

function hasChanged ({ stamp, valueStamps }: KnownFile, present: FileStamp): boolean {
  return stamp !== present || [...valueStamps].some(([path, known]) => known !== readStamp(path))
}

/** The files that stay the same for a moment: others are still being written. */
async function findSettled (changed: ReadonlyMap<string, FileStamp>, turns: Turns): Promise<string[]> {
  await sleep(settleTime)
  const settled: string[] = []
  await turns.forEach(changed, ([path, stamp]) => {
    if (stamp === readStamp(path)) settled.push(path)
  })
  return settled
}
