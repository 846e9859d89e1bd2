import { countNouns } from '../matrix/format-count.ts'
import { escapeUnseen } from '../matrix/printable.ts'
import { documentPath } from '../site/documents.ts'
import type { DocumentName } from '../site/documents.ts'
import type { Problem, Validation, ValidSite } from './validation.ts'

export interface ValidationTextOptions {
  /** Whether warnings count as faults. */
  readonly strict: boolean
  /** Whether to list every site, however many there are. */
  readonly verbose: boolean
}

/** More sites than this would hide the problems. */
const maxListed = 10

/** What was validated, for people: the sites with their documents, one line for each problem, and a summary. */
export function renderValidation (validation: Validation, options: ValidationTextOptions): string {
  const { sites, problems } = validation
  const isListed = options.verbose || sites.length <= maxListed
  return [
    ...isListed ? sites.flatMap(describeSite) : [],
    ...problems.map(describeProblem),
    summarize(validation, options),
    ...isListed ? [] : ['--verbose lists every site.']
  ].map(line => `${escapeUnseen(line)}\n`).join('')
}

function describeSite ({ file, site, documents }: ValidSite): string[] {
  const hosts = [site.serverName, ...site.hostAliases].join(', ')
  return [
    `${nameSource(file)}: ${hosts}`,
    ...documents.map(({ name, size, target }) => `  ${documentPath(name)}: ${size} bytes, ${target}`),
    ...reasonsWithout.filter(({ name }) => !documents.some(document => document.name === name))
      .map(({ name, reason }) => `  ${documentPath(name)}: 404, because ${reason}`)
  ]
}

/** Why a document that other servers or clients need isn't served: on purpose, or a setting was forgotten. */
const reasonsWithout: ReadonlyArray<{ readonly name: DocumentName, readonly reason: string }> = [
  { name: 'server', reason: 'SERVE_SERVER_WELLKNOWN is false' },
  { name: 'client', reason: "M_HOMESERVER_BASE_URL isn't set" }
]

function describeProblem ({ severity, file, message }: Problem): string {
  return `${nameSource(file)}: ${severity}: ${message}`
}

function nameSource (file: string | undefined): string {
  return file ?? 'environment'
}

function summarize ({ sites, problems }: Validation, { strict }: ValidationTextOptions): string {
  const faults = problems.filter(({ severity }) => severity === 'fault').length
  const warnings = problems.length - faults
  const documents = sites.reduce((sum, site) => sum + site.documents.length, 0)
  const found = [[faults, 'fault'] as const, [warnings, 'warning'] as const]
    .filter(([count]) => count > 0).map(([count, noun]) => countNouns(count, noun))
  const hint = strict && warnings > 0 ? ' (--strict treats warnings as faults)' : ''
  const valid = sites.length === 0
    ? 'no site'
    : `${countNouns(sites.length, 'site')} with ${countNouns(documents, 'document')}`
  return `${found.join(', ') || 'No problems found'}${hint}. Valid: ${valid}.`
}
