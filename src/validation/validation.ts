import type { Document } from '../site/documents.ts'
import type { Site } from '../site/site.ts'

/** A wrong setting, or one that is valid but probably not intended. */
export interface Problem {
  readonly severity: 'fault' | 'warning'
  /** Undefined if the environment gives the setting. */
  readonly file: string | undefined
  /** Undefined if no single variable causes it. */
  readonly variable: string | undefined
  readonly message: string
}

/** A site without faults. */
export interface ValidSite {
  /** Undefined if the environment gives its server name. */
  readonly file: string | undefined
  readonly site: Site
  readonly documents: readonly Document[]
}

export interface Validation {
  readonly sites: readonly ValidSite[]
  readonly problems: readonly Problem[]
}

export function joinValidations (validations: readonly Validation[]): Validation {
  return {
    sites: validations.flatMap(({ sites }) => sites),
    problems: validations.flatMap(({ problems }) => problems)
  }
}
