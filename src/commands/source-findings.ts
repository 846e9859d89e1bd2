import { judgeDocument } from '../check/judge/documents.ts'
import { judgeContent } from '../check/judge/content.ts'
import type { Context, Finding } from '../check/judge/finding.ts'
import { judgeDepth, judgeJsonFault } from '../check/judge/json-faults.ts'
import { judgeLookup } from '../check/judge/lookups.ts'
import { judgeConnection } from '../check/judge/reachability.ts'
import { judgeStrictness } from '../check/judge/strictness.ts'
import { readJsonObject } from '../check/network/json-body.ts'
import { describeFinding } from '../check/report/finding-text.ts'
import type { HostResponses } from '../import/site-source.ts'
import { documentKind, isDocumentName } from '../site/documents.ts'
import type { DocumentName } from '../site/documents.ts'

/** What an import says itself, for each value. */
const isInRemarks = ({ id }: Finding): boolean => id === 'document.invalid' || id === 'document.misplaced-key'

/** What `check` finds wrong with the documents of a host, one line each. */
export function describeHostFindings ({ host, lookup, fetches }: HostResponses, now: Date): string[] {
  const area = 'documents'
  const [connection] = fetches.values()
  const [first] = connection?.hops ?? []
  const about = { host, port: 443, ...first !== undefined && { address: first.address } }
  return describe([
    ...judgeLookup(lookup, { area }),
    ...first === undefined ? [] : judgeConnection(first, { area, about }, now),
    ...[...fetches].flatMap(([name, fetch]) =>
      judgeDocument(name, { fetch, asOther: undefined, preflight: undefined }, contextOf(name), now))
  ])
}

/** What `check` finds wrong with the text of a document, one line each. */
export function describeBodyFindings (name: string, body: Uint8Array): string[] {
  if (!isDocumentName(name)) return []
  const context = contextOf(name)
  const { content, fault } = readJsonObject(body)
  if (content === undefined) return describe([judgeJsonFault(fault, body, context, {})])
  const text = new TextDecoder().decode(body)
  return describe([
    ...judgeContent(name, content, context),
    ...judgeStrictness(text, content, context),
    ...judgeDepth(text, context)
  ])
}

function contextOf (name: DocumentName): Context {
  return { area: documentKind(name).area, about: { document: name } }
}

function describe (findings: readonly Finding[]): string[] {
  return findings.filter(finding => !isInRemarks(finding)).map(finding => {
    const { subject, what } = describeFinding(finding)
    return `${subject}: ${what}`
  })
}
