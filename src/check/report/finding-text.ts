import { documentPath } from '../../site/documents.ts'
import { escapeUnseen } from '../../matrix/printable.ts'
import { shorten } from '../../matrix/short-text.ts'
import { catalogue } from '../judge/catalogue.ts'
import type { About, Finding, FindingKind } from '../judge/finding.ts'
import type { Reference } from '../judge/references.ts'

/** A finding and what is said about it; the texts are safe to print. */
export interface ReportedFinding extends Omit<Finding, 'parts'> {
  /** What it is about: a path, a host and port, an address. */
  readonly subject: string
  /** What was found, in a line. */
  readonly what: string
  /** Why it matters. */
  readonly why: string
  /** What to change, in a line. */
  readonly fix: string
  readonly specification: Reference
}

/** Writes what is said about a finding. */
export function describeFinding ({ id, severity, readers, area, about, parts, evidence }: Finding): ReportedFinding {
  const { what, why, fix, specification }: FindingKind = catalogue[id]
  return {
    id,
    severity,
    readers,
    area,
    about,
    subject: makePrintable(describeSubject(about)),
    what: write(what, parts),
    why,
    fix: write(fix, parts),
    specification,
    evidence
  }
}

function write (text: FindingKind['what'], parts: object): string {
  // findingBuilder accepts only the parts that the text takes.
  return makePrintable(typeof text === 'string' ? text : text(parts as never))
}

const maxLength = 500

/** Peers may have sent any of it. */
function makePrintable (text: string): string {
  return escapeUnseen(shorten(text, maxLength))
}

function describeSubject ({ serverName, document, url, host, port, address, path, record, step }: About): string {
  const place = host === undefined ? undefined : formatAddress(host, port, address)
  if (place !== undefined) return path === undefined ? place : `${place}, ${path}`
  const subject = document !== undefined
    ? documentPath(document)
    : url ?? path ?? record ?? serverName ?? `step ${step}`
  return address === undefined ? subject : `${subject} at ${address}`
}

/** A host, its port and its address, each once. */
export function formatAddress (host: string, port: number | undefined, address: string | undefined): string {
  const place = port === undefined ? host : `${host}:${port}`
  return address === undefined || host === address || host === `[${address}]` ? place : `${place} at ${address}`
}

/** A finding in a few words, as a reason: "/client has a duplicate key". */
export function describeReason ({ id, about: { document }, parts }: Finding): string {
  const { title, reason }: FindingKind = catalogue[id]
  const own = reason === undefined ? '' : write(reason, parts)
  if (own !== '') return own
  const [subject] = /^A (?:document|response that web clients read)(?= )/.exec(title) ?? []
  if (document !== undefined && subject !== undefined) return title.replace(subject, `/${document}`)
  // Names such as "Access-Control-Allow-Origin" keep their capital.
  const isOrdinary = /^(?:The|There|A|An|Other|Users|Clients|Something|No) /.test(title)
  return isOrdinary ? title[0]?.toLowerCase() + title.slice(1) : title
}
