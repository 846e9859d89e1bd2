import { buildHostDirectory } from '../../site/directory.ts'
import type { SiteDirectory } from '../../site/directory.ts'
import type { Warning } from '../fault.ts'
import type { SiteConfig } from '../site-config.ts'
import { FaultReports } from './fault-reports.ts'
import type { FaultyFile } from './fault-reports.ts'
import { FolderChanges } from './folder-changes.ts'
import { removeConflicts } from './host-claims.ts'
import type { Claim } from './host-claims.ts'
import type { SiteFolderError } from './site-folder.ts'
import { buildVersion } from './site-version.ts'
import type { SiteVersion } from './site-version.ts'
import { Turns } from './turns.ts'

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
  /** Of looking, without loading what has changed, in milliseconds. */
  readonly cpuTime: number
  /** How long it took, without waiting until files have settled, in milliseconds. */
  readonly duration: number
}

export interface LiveSitesOptions {
  readonly folder: string
  /** The site that responds to all other hosts. */
  readonly own: SiteConfig | undefined
  /** How long a file has to stay the same before a poll loads it, in milliseconds. */
  readonly settleTime: number
  /** Called for each warning about a file that is going to be served. */
  readonly warn: (file: string, warning: Warning) => void
}

interface WaitingVersion extends Claim {
  readonly version: SiteVersion
}

/** In place of a file, for the site of the environment. */
const environmentName = 'the environment'

/** The sites of a folder as it is now: each file in its last version without faults. */
export class LiveSites {
  readonly #warn: LiveSitesOptions['warn']
  readonly #changes: FolderChanges
  readonly #served = new Map<string, SiteVersion>()
  readonly #faulty = new Map<string, FaultyFile>()
  /** Versions that aren't served: until the end of a look, or as long as another file has one of their hosts. */
  readonly #waiting = new Map<string, WaitingVersion>()
  readonly #reports = new FaultReports()
  /** Changed in place, because a copy of 100,000 entries would delay requests. */
  readonly #byHost: Map<string, SiteVersion>
  readonly directory: SiteDirectory

  constructor ({ folder, own, settleTime, warn }: LiveSitesOptions) {
    const version = own && buildVersion(environmentName, own)
    this.#warn = warn
    this.#changes = new FolderChanges(folder, settleTime)
    this.#byHost = new Map(version?.hosts.map(host => [host, version]))
    this.directory = buildHostDirectory(this.#byHost, version?.responses)
  }

  /**
   * Looks for files that have been added, changed or removed, and loads only these. One look has to end before the
   * next one starts.
   *
   * @returns what it has found, or why the folder can't be read; then nothing changes.
   */
  async look (occasion: Occasion): Promise<Reload | SiteFolderError> {
    const start = performance.now()
    const looking = new Turns()
    const changes = await this.#changes.find(occasion === 'poll', looking).catch((error: SiteFolderError) => error)
    if (changes instanceof Error) return changes
    const { changed, removed } = changes
    await new Turns().forEach(changed, file => this.#load(file))
    const published = this.#publish(removed, occasion)
    return { ...published, cpuTime: looking.cpuTime, duration: performance.now() - start - looking.pausedTime }
  }

  #load (file: string): void {
    const { config, faults, warnings } = this.#changes.load(file)
    const version = config && buildVersion(file, config)
    const served = this.#served.get(file)
    const latest = this.#waiting.get(file)?.version ?? served
    this.#waiting.delete(file)
    this.#faulty.delete(file)
    if (version === undefined) {
      this.#faulty.set(file, { file, faults, warnings })
      return
    }
    if (version.tag !== served?.tag) this.#waiting.set(file, { file, hosts: version.hosts, version })
    if (version.tag !== latest?.tag) for (const warning of warnings) this.#warn(file, warning)
  }

  /** Serves what has been loaded, in one turn, so that a request sees either the old or the new sites. */
  #publish (removed: readonly string[], occasion: Occasion): Omit<Reload, 'cpuTime' | 'duration'> {
    for (const file of removed) for (const map of [this.#faulty, this.#waiting]) map.delete(file)
    const gone = this.#withdraw(removed)
    const accepted = new Map(this.#waiting)
    const conflicts = removeConflicts(accepted, host => this.#byHost.get(host))
    const changed = this.#withdraw(accepted.keys())
    for (const [file, { version }] of accepted) {
      for (const host of version.hosts) this.#byHost.set(host, version)
      this.#served.set(file, version)
      this.#waiting.delete(file)
    }
    const contested = [...conflicts].map(([file, faults]) => ({ file, faults, warnings: [] }))
    const faulty = [...this.#faulty.values(), ...contested]
    return {
      sites: this.#served.size,
      added: accepted.size - changed,
      changed,
      removed: gone,
      faulty: faulty.length,
      faults: this.#reports.select(faulty, occasion)
    }
  }

  /** @returns how many of these files were served. */
  #withdraw (files: Iterable<string>): number {
    let count = 0
    for (const file of files) {
      const version = this.#served.get(file)
      if (version === undefined) continue
      for (const host of version.hosts) this.#byHost.delete(host)
      this.#served.delete(file)
      count++
    }
    return count
  }
}
