import { missingFile, readStamp, readStampToKeep, readState } from './file-stamp.ts'
import type { FileStamp } from './file-stamp.ts'
import { loadSiteFile } from './site-file.ts'
import type { SiteFile } from './site-file.ts'
import { selectSettled } from './settled-files.ts'
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

const noStamps: ReadonlyMap<string, FileStamp> = new Map()

/** The site files of a folder as they were when they were loaded: finds those that differ now. */
export class FolderChanges {
  readonly #folder: string
  readonly #settleTime: number
  readonly #files = new Map<string, KnownFile>()
  #looks = 0

  /** @param settleTime how long a file has to stay the same before it counts as settled, in milliseconds. */
  constructor (folder: string, settleTime: number) {
    this.#folder = folder
    this.#settleTime = settleTime
  }

  /**
   * @param settled whether to leave out files that may still be being written, or are being replaced.
   * @throws {SiteFolderError} if the folder can't be read; then no file counts as removed.
   */
  async find (settled: boolean, turns: Turns): Promise<Changes> {
    const paths = await openSiteFolder(this.#folder)
    this.#looks++
    const changed: string[] = []
    let found = 0
    await turns.forEach(paths, path => {
      const known = this.#files.get(path)
      if (known !== undefined) {
        known.seen = this.#looks
        found++
      }
      if (known === undefined || hasChanged(path, known)) changed.push(path)
    })
    const missing = found < this.#files.size ? await this.#listMissing(turns) : []
    const ready = settled && changed.length + missing.length > 0
      ? await selectSettled(changed, file => this.#listPaths(file), this.#settleTime, turns)
      : changed
    return { changed: ready.sort(), removed: await this.#forgetRemoved(missing, turns) }
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

  async #listMissing (turns: Turns): Promise<string[]> {
    const missing: string[] = []
    await turns.forEach(this.#files.keys(), path => {
      if (this.#files.get(path)?.seen !== this.#looks) missing.push(path)
    })
    return missing
  }

  /** A file that is replaced while the folder is read may not be listed, although it is there. */
  async #forgetRemoved (missing: readonly string[], turns: Turns): Promise<string[]> {
    const removed: string[] = []
    await turns.forEach(missing, path => {
      if (readState(path) !== missingFile) return
      removed.push(path)
      this.#files.delete(path)
    })
    return removed
  }

  /** A site file, and the files that it named when it was loaded. */
  #listPaths (file: string): string[] {
    return [file, ...this.#files.get(file)?.valueStamps.keys() ?? []]
  }
}

function hasChanged (path: string, { stamp, valueStamps }: KnownFile): boolean {
  return stamp !== readStamp(path) || [...valueStamps].some(([path, known]) => known !== readStamp(path))
}
