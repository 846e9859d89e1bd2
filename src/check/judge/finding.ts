import { escapeUnseen } from '../../matrix/printable.ts'
import { catalogue } from './catalogue.ts'

/** How bad it is: something does not work; it works, but not for all or not for long; good to know. */
export type Severity = 'failure' | 'warning' | 'notice'

/** What a finding is about, and so whose verdict it counts for. */
export type Area = 'federation' | 'clients' | 'documents'

export type FindingId = keyof typeof catalogue

/** Something that was found out, and what to do about it. */
export interface Finding {
  readonly id: FindingId
  readonly severity: Severity
  readonly area: Area
  /** What it is about: a path, a host and port, an address. */
  readonly subject: string
  /** What was found, in a line. */
  readonly what: string
  readonly why: string
  /** What to change, in a line. */
  readonly change: string
  readonly specification: string
  /** What it was seen by, as it came. */
  readonly evidence: Readonly<Record<string, unknown>>
}

/** What only the place that found something knows of it. */
export type Details = Pick<Finding, 'area' | 'subject' | 'what' | 'change'> & Partial<Pick<Finding, 'severity' | 'evidence'>>

/** Whatever a peer has put into its sentences is safe to print; its evidence is as it came. */
/** Builds findings about one subject. */
export type About = (id: FindingId, details: Omit<Details, 'area' | 'subject'>) => Finding

export function buildFinding (id: FindingId, { subject, what, change, ...details }: Details): Finding {
  const { severity, why, specification } = catalogue[id]
  return { id, severity, why, specification, evidence: {}, ...details, subject: makePrintable(subject), what: makePrintable(what), change: makePrintable(change) }
}

const longestSentence = 500

function makePrintable (sentence: string): string {
  return escapeUnseen(sentence.length > longestSentence ? `${sentence.slice(0, longestSentence)}…` : sentence)
}

const order: readonly Severity[] = ['failure', 'warning', 'notice']

/** The worst first; those of the same kind in the order in which they were found. */
export function sortFindings (findings: readonly Finding[]): Finding[] {
  return findings.toSorted((left, right) => order.indexOf(left.severity) - order.indexOf(right.severity))
}
