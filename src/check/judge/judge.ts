import type { Site } from '../../site/site.ts'
import type { Facts } from '../gather/gather.ts'
import { followDocuments } from '../readers/documents-only.ts'
import type { ReaderOutcomes } from '../readers/readers.ts'
import { attributeToCauses, explain } from './attribution.ts'
import { isBrokenDelegation, withoutConsequences, withoutFallback, withoutRepetitions } from './consequences.ts'
import { judgeDnsServer, withoutDnsFindings } from './dns-server.ts'
import { judgeUnread } from './discovery.ts'
import { judgeFederation } from './federation.ts'
import { rateFindings } from './rate.ts'
import type { Area, Finding } from './finding.ts'
import { addAddresses, judgeDocuments } from './host-documents.ts'
import { judgeHost } from './host.ts'
import { judgeInstallation } from './installation.ts'
import { buildIntent, judgeIntent } from './intent.ts'
import type { Intent } from './intent.ts'
import { judgeClientDiscovery } from './client-discovery.ts'

/** Turns facts into findings, each reported once. */
export function judgeFacts (facts: Facts, outcomes: ReaderOutcomes, site: Site | undefined, now: Date): Finding[] {
  const intent = site === undefined ? undefined : buildIntent(site)
  const federation = rateFindings(judgeFederation(facts, now), outcomes)
  const isFederationBroken = outcomes.get('specification')?.outcome !== 'works'
  const area = hostArea(facts, isFederationBroken)
  const rated = area === 'documents' ? followDocuments(facts, now) : outcomes
  // A redirect, or another site at another address, explains the certificate that is found there.
  const others = rateFindings([
    ...judgeDocuments(facts, intent, now),
    ...judgeClientDiscovery(facts, now),
    ...judgeHost(facts, { area }, now),
    ...judgeUnread(facts),
    ...judgeIntents(facts, intent)
  ], rated)
  if (facts.dnsFault !== undefined) {
    const cause = judgeDnsServer(facts, facts.dnsFault, area)
    return withoutRepetitions(rateFindings([cause, ...withoutDnsFindings([...federation, ...others])], outcomes))
  }
  const installation = rateFindings(judgeInstallation(facts, outcomes, site), outcomes)
  const host = installation.find(({ id }) => id === 'discovery.is-a-host')
  // What else is wrong with a name that is not a server name doesn't matter.
  if (host !== undefined) return [explain(host, [...federation, ...others])]
  const kept = withoutConsequences(facts, outcomes, federation, others)
  const isBroken = kept.some(finding => isBrokenDelegation(facts, intent, finding))
  const found = installation.length === 0 && !isBroken ? kept : withoutFallback(facts, kept)
  const missing = isBroken ? [] : installation
  // Without an address, there is no place for the documents yet.
  const all = facts.lookup.addresses.length === 0 ? [...found, ...missing] : [...missing, ...found]
  return withoutRepetitions(attributeToCauses(all, facts))
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

function judgeIntents ({ inspections }: Facts, intent: Intent | undefined): Finding[] {
  if (intent === undefined) return []
  return [...inspections].flatMap(([name, each]) =>
    addAddresses(each.map(({ fetch }) => [fetch.address, judgeIntent(intent, name, fetch)])))
}
