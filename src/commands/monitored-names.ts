import { isGiven } from '../config/dot-env.ts'
import type { Environment } from '../config/environment.ts'
import { inFile } from '../config/fault.ts'
import type { Fault } from '../config/fault.ts'
import { loadSite } from '../config/site-config.ts'
import { loadSiteFolder } from '../config/sites/site-folder.ts'
import type { Site } from '../site/site.ts'

/** The sites of the settings, as they are now: those without a fault, or in their last version without one. */
export class MonitoredNames {
  readonly #folder: string | undefined
  readonly #own: Site | undefined
  #files: ReadonlyMap<string, Site> = new Map()
  #sites: ReadonlyMap<string, Site>

  /** @throws {ConfigError} if the site of the environment has faults. */
  constructor (environment: Environment, folder: string | undefined) {
    this.#folder = folder
    this.#own = isGiven('SERVER_NAME', environment) ? loadSite(environment) : undefined
    this.#sites = this.#listSites()
  }

  /** By server name. */
  get sites (): ReadonlyMap<string, Site> {
    return this.#sites
  }

  #listSites (): ReadonlyMap<string, Site> {
    const all = [...this.#own === undefined ? [] : [this.#own], ...this.#files.values()]
    return new Map(all.map(site => [site.serverName, site]))
  }

  /**
   * Reads the folder again.
   *
   * @returns the faults of its files.
   * @throws {SiteFolderError} if the folder can't be read; then all sites stay.
   */
  async load (): Promise<Fault[]> {
    if (this.#folder === undefined) return []
    const files = await loadSiteFolder(this.#folder)
    this.#files = new Map(files.flatMap(({ file, config }) => {
      const site = config?.site ?? this.#files.get(file)
      return site === undefined ? [] : [[file, site]]
    }))
    this.#sites = this.#listSites()
    return files.flatMap(({ file, faults }) => faults.map(fault => inFile(file, fault)))
  }
}
