import { isDeepStrictEqual } from 'node:util'
import { documentPath } from '../../site/documents.ts'
import type { DocumentName } from '../../site/documents.ts'
import type { Site } from '../../site/site.ts'
import { judgeBaseUrls, judgeClient } from './clients.ts'
import { judgeConnection, nameAddress } from './reachability.ts'
import { withoutConsequences, withoutRepetitions } from './consequences.ts'
import { judgeNotFound } from './cors.ts'
import { areaOf, describe, judgeDocument } from './documents.ts'
import { judgeFederation } from './federation.ts'
import { buildFinding } from './finding.ts'
import type { Area, Finding } from './finding.ts'
import type { Facts } from '../gather/gather.ts'
import { intends, judgeIntent } from './intent.ts'
import { judgeLookup } from './lookups.ts'
import type { Exchange } from '../network/peer.ts'
import { judgeSplit } from './split-brain.ts'
import type { Fetch, Inspection } from '../gather/well-known.ts'

/** Turns what was found out into findings, each told once. */
export function judge (facts: Facts, intent: Site | undefined, now: Date): Finding[] {
  const federation = facts.federation === undefined ? [] : judgeFederation(facts.serverName, facts.federation.discovery, facts.federation.addresses, now).map(finding => pointElsewhere(finding, facts))
  // A redirect, or another site at another address, explains the certificate that is found there.
  const others = [...judgeDocuments(facts, intent, now), ...judgeClients(facts, intent, now), ...judgeHost(facts, hostArea(facts, federation), now), ...judgeUnread(facts), ...judgeIntents(facts, intent)]
  return withoutRepetitions(withoutConsequences(facts, federation, others))
}

/** The document may be on the homeserver's own host alone, where no other server asks for it. */
function pointElsewhere (finding: Finding, { federation, host }: Facts): Finding {
  const elsewhere = federation?.elsewhere
  if (finding.id !== 'federation.unreachable' || elsewhere?.reading?.content === undefined) return finding
  return {
    ...finding,
    what: `${finding.what} https://${elsewhere.host} serves /.well-known/matrix/server, but https://${host} does not.`,
    change: `Serve the same on ${host}: other servers ask the host of the server name alone.`
  }
}

/** Whose verdict the host of the documents counts for; both, of which clients have theirs by themselves, where servers find no way without it. */
function hostArea ({ federation, client }: Facts, found: readonly Finding[]): Area {
  if (federation === undefined) return client === undefined ? 'documents' : 'clients'
  const { delegation, endpoint } = federation.discovery
  const lost = delegation === undefined && endpoint?.step !== '1' && endpoint?.step !== '2' && found.some(({ severity }) => severity === 'failure')
  return client === undefined || lost ? 'federation' : 'clients'
}

/** The host of the documents: its addresses, their certificates, and what it answers for other paths. */
function judgeHost ({ host, lookup, inspections, strangers }: Facts, area: Area, now: Date): Finding[] {
  const fetches = [...inspections.values()].flat().map(({ fetch }) => fetch)
  const findings = judgeLookup(lookup, area)
  for (const { hops, address } of fetches) {
    const [first, ...more] = hops
    findings.push(...judgeConnection(first, { area, subject: nameAddress(host, 443, address) }, now))
    for (const hop of more) findings.push(...judgeConnection(hop, { area, subject: nameAddress(new URL(hop.url).hostname, hop.port, hop.address) }, now))
  }
  if (fetches.length > 0 && fetches.every(isSilent)) {
    findings.push(buildFinding('document.unreachable', {
      area,
      subject: `${host}:443`,
      what: `Nothing answers at https://${host}${lookup.addresses.length > 1 ? `, at any of its ${lookup.addresses.length} addresses` : ''}.`,
      change: `Have a web server or proxy listen on port 443 of ${host}, and pass /.well-known/matrix/ on to the sidecar.`,
      evidence: { addresses: lookup.addresses }
    }))
  }
  const readByClients = [...inspections].filter(([name]) => name === 'client' || name === 'support').flatMap(([, each]) => each.filter(({ fetch }) => !isStray(fetch, each)))
  for (const address of lookup.addresses) {
    const here = [...readByClients.map(({ fetch }) => fetch), ...strangers].filter(fetch => fetch.address === address)
    findings.push(...judgeNotFound(here, host))
  }
  const [catchAll] = strangers.filter(fetch => lastHop(fetch).response?.status === 200)
  if (catchAll !== undefined) {
    findings.push(buildFinding('document.catch-all', {
      area: 'documents',
      subject: catchAll.path,
      what: `A path that does not exist, ${catchAll.path}, is answered with status 200.`,
      change: 'Have the proxy pass all of /.well-known/matrix/ on to the sidecar.',
      evidence: describe(lastHop(catchAll).response as NonNullable<Exchange['response']>)
    }))
  }
  return findings
}

function lastHop ({ hops }: Fetch): Exchange {
  return hops.at(-1) as Exchange
}

function isSilent ({ hops }: Fetch): boolean {
  return hops[0].response === undefined
}

/** Whether an address serves no document where another does. */
function isStray ({ reading }: Fetch, each: readonly Inspection[]): boolean {
  return reading?.content === undefined && each.some(({ fetch }) => fetch.reading?.content !== undefined)
}

function judgeDocuments ({ inspections, strangers, host }: Facts, intent: Site | undefined, now: Date): Finding[] {
  const answers = [...inspections.values()].flat().some(({ fetch }) => !isSilent(fetch))
  return [...inspections].flatMap(([name, all]) => {
    const wanted = name === 'server' || name === 'client' || (intent !== undefined && intends(intent, name)) || all.some(({ fetch }) => fetch.reading?.content !== undefined)
    const each = wanted ? all : all.filter(({ fetch }) => !isLikeStranger(fetch, strangers))
    const fetches = each.map(({ fetch }) => fetch)
    if (answers && fetches.length > 0 && fetches.every(isSilent)) return [judgeSilence(name, host)]
    return [
      ...judgeSplit(fetches, areaOf(name)),
      // What is wrong with an address that serves no document, where another does, is just that.
      ...locate(each.map(inspection => [inspection.fetch.address, isStray(inspection.fetch, each) ? [] : judgeDocument(name, inspection, now)]))
    ]
  })
}

/** Whether a site answers as it does for every path that it does not know: then there is no document, and it need not be there. */
function isLikeStranger (fetch: Fetch, strangers: readonly Fetch[]): boolean {
  const outcome = (fetch: Fetch): unknown => [fetch.redirectFault, lastHop(fetch).response?.status, fetch.reading?.fault]
  return fetch.reading?.content === undefined && strangers.some(stranger => stranger.address === fetch.address && isDeepStrictEqual(outcome(stranger), outcome(fetch)))
}

function judgeSilence (name: DocumentName, host: string): Finding {
  return buildFinding('document.unreachable', {
    area: areaOf(name),
    subject: documentPath(name),
    what: `https://${host} answers, but not when it is asked for ${documentPath(name)}.`,
    change: 'See where the proxy sends this path, and whether what is there hangs.'
  })
}

function judgeIntents ({ inspections }: Facts, intent: Site | undefined): Finding[] {
  if (intent === undefined) return []
  return [...inspections].flatMap(([name, each]) => locate(each.map(({ fetch }) => [fetch.address, judgeIntent(intent, name, fetch)])))
}

/** Names the address in what is not found at all of them. */
function locate (found: ReadonlyArray<readonly [address: string, findings: readonly Finding[]]>): Finding[] {
  return found.flatMap(([address, findings]) => findings.map(finding => {
    const everywhere = found.every(([, others]) => others.some(({ id }) => id === finding.id))
    return everywhere ? finding : { ...finding, subject: `${finding.subject} at ${address}` }
  }))
}

/** Documents that nobody reads: those of a name to which other servers connect at once. */
function judgeUnread ({ federation, inspections, host }: Facts): Finding[] {
  const step = federation?.discovery.endpoint?.step
  const served = inspections.get('server')?.some(({ fetch }) => fetch.reading?.content !== undefined) === true
  if (!served || (step !== '1' && step !== '2')) return []
  return [buildFinding('discovery.well-known-unread', {
    area: 'federation',
    subject: '/.well-known/matrix/server',
    what: `https://${host} serves the document, but no server asks for it: the server name ${step === '1' ? 'is an IP address' : 'has a port'}.`,
    change: 'Nothing, if that is meant; a server name can not be changed later.',
    evidence: { step }
  })]
}

function judgeClients ({ client, federation, host }: Facts, intent: Site | undefined, now: Date): Finding[] {
  if (client === undefined) return []
  const { document, facts, elsewhere } = client
  const content = document?.reading?.content
  if (content !== undefined) {
    const endpoint = federation?.discovery.delegation === undefined ? undefined : federation.discovery.endpoint
    return [...judgeBaseUrls(content, facts, host, endpoint?.tlsName), ...judgeClient(content, facts, now)]
  }
  if (document === undefined || lastHop(document).response?.status !== 404) return []
  const found = elsewhere?.reading?.content
  const meant = intent !== undefined && intent.homeserverBaseUrl === undefined
  return [buildFinding('client.not-found', {
    area: 'clients',
    subject: '/.well-known/matrix/client',
    severity: meant ? 'notice' : 'warning',
    what: found === undefined ? `https://${host} answers with status 404.` : `https://${host} answers with status 404, but https://${elsewhere?.host} serves the document.`,
    change: found === undefined ? 'Serve the document: set M_HOMESERVER_BASE_URL.' : `Serve the same on ${host}: clients ask the host of the server name alone.`,
    evidence: found === undefined ? {} : { elsewhere: elsewhere?.host, document: found }
  })]
}
