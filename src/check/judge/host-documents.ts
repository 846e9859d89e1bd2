import { isDeepStrictEqual } from 'node:util'
import { findDocumentFaults } from '../../matrix/document-faults.ts'
import { property } from '../../matrix/json-object.ts'
import { documentKind } from '../../site/documents.ts'
import type { DocumentName } from '../../site/documents.ts'
import type { Facts } from '../gather/gather.ts'
import type { Inspection } from '../gather/well-known.ts'
import type { Fetch } from '../network/fetch.ts'
import { judgeDocument } from './documents.ts'
import type { Context, Finding } from './finding.ts'
import { isSilent, isStray, judgeAnyPath, judgeSilence } from './host.ts'
import type { Intent } from './intent.ts'
import { judgeSplit } from './split-brain.ts'

/** What is wrong with the documents, at each address of their host. */
export function judgeDocuments (facts: Facts, intent: Intent | undefined, now: Date): Finding[] {
  const { inspections, strangers, host } = facts
  const responds = [...inspections.values()].flat().some(({ fetch }) => !isSilent(fetch))
  const findings = [...inspections].flatMap(([name, all]) => {
    const context = { area: documentKind(name).area, about: { document: name } }
    const own = all.filter(({ fetch }) => !isLikeStranger(fetch, strangers))
    const isServed = own.some(({ fetch }) => fetch.reading?.content !== undefined)
    const each = isServed || isExpected(name, intent) ? all : own
    const fetches = each.map(({ fetch }) => fetch)
    if (responds && fetches.length > 0 && fetches.every(isSilent)) return [judgeSilence(name, host, fetches, context)]
    return [
      ...judgeSplit(fetches, context),
      // An address that serves no document where another does has no other fault.
      ...addAddresses(each.map(inspection => [
        inspection.fetch.address,
        isStray(inspection.fetch, each) ? [] : judgeMeantDocument(name, inspection, strangers, context, now)
      ]))
    ]
  })
  return findings.filter(finding => !isHarmlessCopy(finding, facts))
}

/** Whether a key in the wrong document is also where it belongs, so that no reader misses it. */
function isHarmlessCopy ({ id, parts }: Finding, { inspections }: Facts): boolean {
  return id === 'document.misplaced-key' && [...inspections].some(([name, each]) =>
    name === property(parts, 'document') &&
    each.some(({ fetch }) => property(fetch.reading?.content, String(property(parts, 'key'))) !== undefined))
}

function isExpected (name: DocumentName, intent: Intent | undefined): boolean {
  return documentKind(name).expected || intent?.documents.has(name) === true
}

/** What is wrong with a document; if it isn't valid and the same as at any other path, only that. */
function judgeMeantDocument (
  name: DocumentName,
  inspection: Inspection,
  strangers: readonly Fetch[],
  context: Context,
  now: Date
): Finding[] {
  const { fetch } = inspection
  const findings = judgeDocument(name, inspection, context, now)
  const content = fetch.reading?.content
  const isMeant = content === undefined || findDocumentFaults(name, content).length === 0
  return isMeant || !isLikeStranger(fetch, strangers) ? findings : [judgeAnyPath(content, context)]
}

/** Whether a site responds as it does to any path that it doesn't know: then there is no document, nor need for one. */
function isLikeStranger (fetch: Fetch, strangers: readonly Fetch[]): boolean {
  const outcome = ({ redirectFault, hops, reading }: Fetch): unknown =>
    [redirectFault, hops.at(-1)?.response?.status, reading]
  return strangers.some(stranger =>
    stranger.address === fetch.address && isDeepStrictEqual(outcome(stranger), outcome(fetch)))
}

/** A finding is about an address if it isn't found at all of them. */
export function addAddresses (
  found: ReadonlyArray<readonly [address: string, findings: readonly Finding[]]>
): Finding[] {
  return found.flatMap(([address, findings]) => findings.map(finding => {
    const isEverywhere = found.every(([, others]) => others.some(({ id }) => id === finding.id))
    return isEverywhere ? finding : { ...finding, about: { ...finding.about, address } }
  }))
}
