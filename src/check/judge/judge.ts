import { isDeepStrictEqual } from 'node:util'
import { documentKind } from '../../site/documents.ts'
import type { DocumentName } from '../../site/documents.ts'
import type { Site } from '../../site/site.ts'
import type { Facts } from '../gather/gather.ts'
import type { Fetch } from '../network/fetch.ts'
import type { ReaderOutcomes } from '../readers/readers.ts'
import {
  isBrokenDelegation, withoutConsequences, withoutFallback, withoutRepetitions, withoutSameCause
} from './consequences.ts'
import { judgeDnsServer, withoutDnsFindings } from './dns-server.ts'
import { judgeUnread } from './discovery.ts'
import { judgeDocument } from './documents.ts'
import { judgeFederation } from './federation.ts'
import { rateFindings } from './rate.ts'
import type { Area, Finding } from './finding.ts'
import { isSilent, isStray, judgeHost, judgeSilence } from './host.ts'
import { judgeInstallation } from './installation.ts'
import { intends, judgeIntent } from './intent.ts'
import { judgeLogin } from './login.ts'
import { judgeSplit } from './split-brain.ts'

/** Turns facts into findings, each reported once. */
export function judgeFacts (facts: Facts, outcomes: ReaderOutcomes, intent: Site | undefined, now: Date): Finding[] {
  const federation = judgeFederation(facts, now)
  const isFederationBroken = outcomes.get('specification')?.outcome !== 'works'
  // A redirect, or another site at another address, explains the certificate that is found there.
  const others = [
    ...judgeDocuments(facts, intent, now),
    ...judgeLogin(facts, now),
    ...judgeHost(facts, { area: hostArea(facts, isFederationBroken) }, now),
    ...judgeUnread(facts),
    ...judgeIntents(facts, intent)
  ]
  if (facts.dnsFault !== undefined) {
    const cause = judgeDnsServer(facts, facts.dnsFault, hostArea(facts, isFederationBroken))
    return withoutRepetitions(rateFindings([cause, ...withoutDnsFindings([...federation, ...others])], outcomes))
  }
  const installation = rateFindings(judgeInstallation(facts, outcomes, intent), outcomes)
  // What else is wrong with a name that is not a server name doesn't matter.
  if (installation.some(({ id }) => id === 'discovery.is-a-host')) return installation
  const kept = withoutConsequences(facts, outcomes, rateFindings(federation, outcomes), rateFindings(others, outcomes))
  const isBroken = kept.some(finding => isBrokenDelegation(facts, finding))
  const found = installation.length === 0 && !isBroken ? kept : withoutFallback(facts, kept)
  return withoutSameCause(withoutRepetitions([...isBroken ? [] : installation, ...found]))
}

function stepOf ({ federation }: Facts): string | undefined {
  return federation?.discovery.endpoint?.step
}

/**
 * The verdict that the host of the documents counts for: that of clients, which always need it; that of federation if
 * other servers find no way without it.
 */
function hostArea (facts: Facts, isFederationBroken: boolean): Area {
  const { federation, client } = facts
  if (federation === undefined) return client === undefined ? 'documents' : 'clients'
  const isDirect = ['1', '2'].includes(String(stepOf(facts)))
  const isLost = federation.discovery.delegation === undefined && !isDirect && isFederationBroken
  return client === undefined || isLost ? 'federation' : 'clients'
}

function judgeDocuments (
  { inspections, strangers, host }: Facts,
  intent: Site | undefined,
  now: Date
): Finding[] {
  const responds = [...inspections.values()].flat().some(({ fetch }) => !isSilent(fetch))
  return [...inspections].flatMap(([name, all]) => {
    const context = { area: documentKind(name).area, about: { document: name } }
    const isServed = all.some(({ fetch }) => fetch.reading?.content !== undefined)
    const each = isServed || isExpected(name, intent)
      ? all
      : all.filter(({ fetch }) => !isLikeStranger(fetch, strangers))
    const fetches = each.map(({ fetch }) => fetch)
    if (responds && fetches.length > 0 && fetches.every(isSilent)) return [judgeSilence(name, host, fetches, context)]
    return [
      ...judgeSplit(fetches, context),
      // An address that serves no document where another does has no other fault.
      ...addAddresses(each.map(inspection => [
        inspection.fetch.address,
        isStray(inspection.fetch, each) ? [] : judgeDocument(name, inspection, context, now)
      ]))
    ]
  })
}

function isExpected (name: DocumentName, intent: Site | undefined): boolean {
  return documentKind(name).expected || (intent !== undefined && intends(intent, name))
}

/** Whether a site responds as it does to any path that it doesn't know: then there is no document, nor need for one. */
function isLikeStranger (fetch: Fetch, strangers: readonly Fetch[]): boolean {
  const outcome = ({ redirectFault, hops, reading }: Fetch): unknown =>
    [redirectFault, hops.at(-1)?.response?.status, reading?.fault]
  return fetch.reading?.content === undefined && strangers.some(stranger =>
    stranger.address === fetch.address && isDeepStrictEqual(outcome(stranger), outcome(fetch)))
}

function judgeIntents ({ inspections }: Facts, intent: Site | undefined): Finding[] {
  if (intent === undefined) return []
  return [...inspections].flatMap(([name, each]) =>
    addAddresses(each.map(({ fetch }) => [fetch.address, judgeIntent(intent, name, fetch)])))
}

/** A finding is about an address if it isn't found at all of them. */
function addAddresses (found: ReadonlyArray<readonly [address: string, findings: readonly Finding[]]>): Finding[] {
  return found.flatMap(([address, findings]) => findings.map(finding => {
    const isEverywhere = found.every(([, others]) => others.some(({ id }) => id === finding.id))
    return isEverywhere ? finding : { ...finding, about: { ...finding.about, address } }
  }))
}
