import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildHostDirectory } from '../../site/directory.ts'
import type { SiteDirectory } from '../../site/directory.ts'
import type { SiteResponses } from '../../site/responses.ts'
import type { Warning } from '../fault.ts'
import type { SiteConfig } from '../site-config.ts'
import { FaultReports } from './fault-reports.ts'
import type { FaultyFile } from './fault-reports.ts'
import { equalStamps, isRecent, readStamp, unknownStamp } from './file-stamp.ts'
import type { FileStamp } from './file-stamp.ts'
import { removeConflicts } from './host-claims.ts'
import type { Claim } from './host-claims.ts'
import { loadSiteFile } from './site-file.ts'
import { listSiteFiles } from './site-folder.ts'
import type { SiteFolderError } from './site-folder.ts'
import { buildVersion } from './site-version.ts'
import type { SiteVersion } from './site-version.ts'
import { forEachFile } from './turns.ts'

/** Why the folder is looked at: on a poll, a file may be half written. */
export type Occasion = 'start' | 'signal' | 'poll'

/** What a look at the folder has found. */
export interface Reload {
  /** How many files are served now, in the present or an earlier version. */
  readonly sites: number
  readonly added: number
  readonly changed: number
  readonly removed: number
  /** How many files have faults. */
  readonly faulty: number
  /** The faults to report: on a poll, only those that are new. */
  readonly faults: readonly FaultyFile[]
}

export interface LiveSitesOptions {
  readonly folder: string
  /** The site that responds to all other hosts. */
  readonly own: SiteConfig | undefined
  /** Called for each warning about a file that is going to be served. */
  readonly warn: (file: string, warning: Warning) => void
}

interface KnownFile {
  /** As of when it was read. */
  stamp: FileStamp
  /** Of the files that it names. */
  valueStamps: ReadonlyMap<string, FileStamp>
  served: SiteVersion | undefined
  /** The number of the look that has found it. */
  seen: number
}

interface WaitingVersion extends Claim {
  readonly version: SiteVersion
  readonly known: KnownFile
}

/** In place of a file, for the site of the environment. */
const environmentName = 'the environment'

/** How long a file has to stay the same before a poll reads it, in milliseconds. */
const settleTime = 250

const noStamps: ReadonlyMap<string, FileStamp> = new Map()

/** The sites of a folder as it is now: each file in its last version without faults. */
export class LiveSites {
  readonly #options: LiveSitesOptions
  readonly #files = new Map<string, KnownFile>()
  readonly #faulty = new Map<string, FaultyFile>()
  /** Versions that aren't served: until the end of a look, or as long as another file has one of their hosts. */
  readonly #waiting = new Map<string, WaitingVersion>()
  readonly #reports = new FaultReports()
  readonly #other: SiteResponses | undefined
  #byHost: ReadonlyMap<string, SiteVersion>
  #directory: SiteDirectory
  #looks = 0
  #sites = 0

  constructor (options: LiveSitesOptions) {
    const { own } = options
    const version = own && buildVersion(environmentName, own)
    this.#options = options
    this.#other = version?.responses
    this.#byHost = new Map(version?.hosts.map(host => [host, version]))
    this.#directory = buildHostDirectory(this.#byHost, this.#other)
  }

  /** It is replaced as a whole, so that a request sees either the old or the new sites. */
  get directory (): SiteDirectory {
    return this.#directory
  }

  /**
   * Looks for files that have been added, changed or removed, and reads only these. One look has to end before the
   * next one starts.
   *
   * @returns what it has found, or why the folder can't be read; then nothing changes.
   */
  async look (occasion: Occasion): Promise<Reload | SiteFolderError> {
    const names = await listSiteFiles(this.#options.folder).catch((error: SiteFolderError) => error)
    if (names instanceof Error) return names
    this.#looks++
    const changed = await this.#findChanged(listPaths(this.#options.folder, names))
    const settled = occasion === 'poll' && changed.size > 0 ? await findSettled(changed) : changed
    await forEachFile(settled, ([path]) => this.#read(path))
    return this.#publish(occasion)
  }

  /** Files that are new, or have changed since they were read, each with its stamp. */
  async #findChanged (paths: Iterable<readonly [path: string]>): Promise<Map<string, FileStamp>> {
    const changed = new Map<string, FileStamp>()
    await forEachFile(paths, ([path]) => {
      const stamp = readStamp(path)
      const known = this.#files.get(path)
      if (known !== undefined) known.seen = this.#looks
      if (known === undefined || hasChanged(known, stamp)) changed.set(path, stamp)
    })
    return changed
  }

  #read (file: string): void {
    // Before the content, so that a change in between is noticed by the next look.
    const stamp = stampToKeep(file)
    const { config, faults, warnings, valueFiles } = loadSiteFile(file)
    const served = this.#files.get(file)?.served
    const valueStamps = valueFiles.map(path => [path, stampToKeep(path)] as const)
    const known: KnownFile = {
      stamp,
      valueStamps: valueStamps.length === 0 ? noStamps : new Map(valueStamps),
      served,
      seen: this.#looks
    }
    this.#files.set(file, known)
    const version = config && buildVersion(file, config)
    const latest = this.#waiting.get(file)?.version ?? served
    this.#waiting.delete(file)
    this.#faulty.delete(file)
    if (version === undefined) {
      this.#faulty.set(file, { file, faults, warnings })
      return
    }
    if (version.tag !== served?.tag) this.#waiting.set(file, { file, hosts: version.hosts, version, known })
    if (version.tag !== latest?.tag) for (const warning of warnings) this.#options.warn(file, warning)
  }

  /** Serves what has been read. */
  #publish (occasion: Occasion): Reload {
    const gone = this.#forgetRemoved()
    const accepted = new Map(this.#waiting)
    const conflicts = removeConflicts(accepted, host => {
      const owner = this.#byHost.get(host)
      return owner !== undefined && this.#isServed(owner) ? owner : undefined
    })
    const replaced = [...accepted.values()].flatMap(({ known }) => known.served ?? [])
    if (gone.length + accepted.size > 0) this.#replace([...gone, ...replaced], accepted.values())
    const contested = [...conflicts].map(([file, faults]) => ({ file, faults, warnings: [] }))
    const faulty = [...this.#faulty.values(), ...contested]
    const added = accepted.size - replaced.length
    this.#sites += added - gone.length
    return {
      sites: this.#sites,
      added,
      changed: replaced.length,
      removed: gone.length,
      faulty: faulty.length,
      faults: this.#reports.select(faulty, occasion)
    }
  }

  /** @returns what was served of the files that this look has not found. */
  #forgetRemoved (): SiteVersion[] {
    const gone: SiteVersion[] = []
    for (const [file, { seen, served }] of this.#files) {
      if (seen === this.#looks) continue
      if (served !== undefined) gone.push(served)
      for (const map of [this.#files, this.#faulty, this.#waiting]) map.delete(file)
    }
    return gone
  }

  #isServed ({ file }: SiteVersion): boolean {
    return file === environmentName || this.#files.has(file)
  }

  #replace (old: Iterable<SiteVersion>, accepted: Iterable<WaitingVersion>): void {
    const byHost = new Map(this.#byHost)
    for (const { hosts } of old) for (const host of hosts) byHost.delete(host)
    for (const { file, hosts, version, known } of accepted) {
      for (const host of hosts) byHost.set(host, version)
      known.served = version
      this.#waiting.delete(file)
    }
    this.#byHost = byHost
    this.#directory = buildHostDirectory(byHost, this.#other)
  }
}

/** One at a time: `join` takes longer than to look at a file. */
function * listPaths (folder: string, names: readonly string[]): Generator<readonly [path: string]> {
  const prefix = join(folder, '/')
  for (const name of names) yield [`${prefix}${name}`]
}

function hasChanged ({ stamp, valueStamps }: KnownFile, present: FileStamp): boolean {
  return !equalStamps(stamp, present) || [...valueStamps].some(([path, known]) => !equalStamps(known, readStamp(path)))
}

/** The stamp by which the next look finds a change. */
function stampToKeep (path: string): FileStamp {
  const stamp = readStamp(path)
  return isRecent(stamp) ? unknownStamp : stamp
}

/** The files that stay the same for a moment: others are still being written. */
async function findSettled (changed: ReadonlyMap<string, FileStamp>): Promise<Map<string, FileStamp>> {
  await sleep(settleTime)
  const settled = new Map<string, FileStamp>()
  await forEachFile(changed, ([path, stamp]) => {
    if (equalStamps(stamp, readStamp(path))) settled.set(path, stamp)
  })
  return settled
}
