import type { SiteFile } from './site-file.ts'

/** What is wrong with a file. */
export type FaultyFile = Pick<SiteFile, 'file' | 'faults' | 'warnings'>

/** Which faults have been reported: each is reported once, and not while its file may be half written. */
export class FaultReports {
  /** What the last look has found, and what has been reported, as text by file. */
  #found: ReadonlyMap<string, string> = new Map()
  #reported: ReadonlyMap<string, string> = new Map()

  /**
   * The faults to report now.
   *
   * @param files all that have faults.
   * @param occasion a poll reports what it finds a second time and has not reported; otherwise everything is reported.
   */
  select (files: readonly FaultyFile[], occasion: 'start' | 'signal' | 'poll'): FaultyFile[] {
    const texts = files.map(({ file, faults }) => [file, faults.map(({ message }) => message).join('\n')] as const)
    const isNew = texts.map(([file, text]) =>
      occasion !== 'poll' || (this.#found.get(file) === text && this.#reported.get(file) !== text))
    this.#found = new Map(texts)
    // What has been reported is forgotten once it is fixed, so that it would be reported again.
    this.#reported = new Map(texts.filter(([file, text], i) => isNew[i] === true || this.#reported.get(file) === text))
    return files.filter((_file, i) => isNew[i])
  }
}
