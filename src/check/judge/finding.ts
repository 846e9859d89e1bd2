import type { DocumentName } from '../../site/documents.ts'
import type { ReaderId } from '../readers/readers.ts'
import type { StepNumber } from '../gather/discovery.ts'
import type { catalogue } from './catalogue.ts'
import type { Reference } from './references.ts'

/** Something doesn't work; it works, but not for all or not for long; good to know. */
export type Severity = 'failure' | 'warning' | 'notice'

/** The verdict that a finding counts for. */
export type Area = 'federation' | 'clients' | 'documents'

/** What a finding is about; names and URLs as the peer sent them. */
export interface About {
  readonly serverName?: string
  readonly document?: DocumentName
  readonly url?: string
  readonly host?: string
  readonly port?: number
  readonly address?: string
  readonly path?: string
  /** The name of a DNS record. */
  readonly record?: string
  /** A step of server discovery. */
  readonly step?: StepNumber
}

/** How severe it is if no document can be fetched. If only they are checked, no verdict says so. */
export function rateUnfetched ({ area }: Pick<Context, 'area'>): Severity {
  return area === 'documents' ? 'failure' : 'warning'
}

/** A text, or a function that writes it from the parts of a finding. */
type Text = string | ((parts: never) => string)

/** All that is said about one kind of finding. */
export interface FindingKind {
  /** The severity if no reader's outcome depends on it. It is worse if one does, see `rateFindings`. */
  readonly severity: Severity
  /** What was found, without names: the heading in docs/findings.md. */
  readonly title: string
  /** It in a few words, as the reason for an outcome, if its title doesn't say it. */
  readonly reason?: Text
  /** Why it matters. */
  readonly why: string
  readonly specification: Reference
  /** What was found, in a line. */
  readonly what: Text
  /** What to change, in a line. */
  readonly fix: Text
  /** Parts to show the texts with in docs/findings.md; required if they take any. */
  readonly example?: object
}

/** The findings of a module, by id. An id never changes its meaning and is never used again. */
export type FindingKinds = Readonly<Record<string, FindingKind>>

export type FindingId = keyof typeof catalogue

/** Something that was detected. It has no text: the report writes it, from the catalogue and these parts. */
export interface Finding {
  readonly id: FindingId
  readonly severity: Severity
  /** The readers whose outcome it explains. */
  readonly readers: readonly ReaderId[]
  readonly area: Area
  readonly about: About
  /** The parts that its texts take. */
  readonly parts: object
  /** What shows it, as received. */
  readonly evidence: Readonly<Record<string, unknown>>
}

/** Where a finding was detected. */
export interface Context {
  readonly area: Area
  readonly about: About
}

/** The parts that the texts of a kind take, `unknown` if none. */
type PartsOf<Kind extends FindingKind> =
  [Extract<Kind['what' | 'fix'], (parts: never) => string>] extends [(parts: infer Parts) => string] ? Parts : unknown

type Details<Kind extends FindingKind> = Context & {
  /** If it isn't that of the kind. */
  readonly severity?: Severity
  readonly evidence?: Finding['evidence']
} & (unknown extends PartsOf<Kind> ? { readonly parts?: never } : { readonly parts: PartsOf<Kind> })

/** Demands an example of each kind whose texts take parts. */
type WithExamples<Kinds extends FindingKinds> = {
  readonly [Id in keyof Kinds]: unknown extends PartsOf<Kinds[Id]> ? unknown : { readonly example: PartsOf<Kinds[Id]> }
}

type FindingBuilder<Kinds extends FindingKinds> =
  <Id extends keyof Kinds & FindingId>(id: Id, details: Details<Kinds[Id]>) => Finding

/** Returns a function that builds findings of these kinds, which must be in the catalogue. */
export function findingBuilder<Kinds extends FindingKinds> (
  kinds: Kinds & WithExamples<Kinds>
): FindingBuilder<Kinds> {
  return (id, { area, about, severity = kinds[id].severity, parts = {}, evidence = {} }) => ({
    id,
    severity,
    readers: [],
    area,
    about,
    parts: Object(parts),
    evidence
  })
}

/** Whether a finding is one of these kinds. */
export function isOneOf (kinds: FindingKinds, { id }: Finding): boolean {
  return Object.hasOwn(kinds, id)
}

const order: readonly Severity[] = ['failure', 'warning', 'notice']

export function worstSeverity (severities: readonly Severity[]): Severity {
  if (severities.includes('failure')) return 'failure'
  return severities.includes('warning') ? 'warning' : 'notice'
}

/** The worst first; those of the same severity in the order in which they were found. */
export function sortFindings (findings: readonly Finding[]): Finding[] {
  return findings.toSorted((left, right) => order.indexOf(left.severity) - order.indexOf(right.severity))
}
