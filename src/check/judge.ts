import type { Site } from '../matrix/documents.ts'
import { judgeBaseUrls, judgeClient } from './client-findings.ts'
import { judgeConnection, nameAddress } from './connections.ts'
import { judgeNotFound } from './cors.ts'
import { areaOf, describe, judgeDocument } from './documents.ts'
import { judgeFederation } from './federation.ts'
import { buildFinding } from './findings.ts'
import type { Area, Finding } from './findings.ts'
import type { Facts } from './gather.ts'
import { judgeIntent } from './intent.ts'
import { judgeLookup } from './lookups.ts'
import type { Exchange } from './network/peer.ts'
import { judgeSplit } from './split-brain.ts'
import type { Fetch } from './well-known.ts'

/** Turns what was found out into findings, each told once. */
export function judge (facts: Facts, intent: Site | undefined, now: Date): Finding[] {
  const federation = facts.federation === undefined ? [] : judgeFederation(facts.serverName, facts.federation.discovery, facts.federation.addresses, now)
  const documents = [...judgeHost(facts, now), ...judgeDocuments(facts, now)]
  const step = Number(facts.federation?.discovery.endpoint?.step ?? 0)
  // A well-known that leads nowhere is none: where others find the homeserver without one, it does no great harm.
  const withoutWellKnown = [1, 2, 4, 5, 6].includes(step) && federation.every(({ severity }) => severity !== 'failure')
  return withoutRepetitions([
    ...federation,
    ...documents.map(finding => withoutWellKnown && finding.area === 'federation' && finding.severity === 'failure' ? { ...finding, severity: 'warning' as const } : finding),
    ...judgeUnread(facts),
    ...judgeClients(facts, intent, now),
    ...intent === undefined ? [] : [...facts.inspections].flatMap(([name, inspections]) => inspections.flatMap(({ fetch }) => judgeIntent(intent, name, fetch)))
  ])
}

/** The host of the documents: its addresses, their certificates, and what it answers for other paths. */
function judgeHost ({ host, lookup, inspections, strangers, client, federation }: Facts, now: Date): Finding[] {
  const area: Area = federation !== undefined && client === undefined ? 'federation' : 'clients'
  const fetches = [...inspections.values()].flat().map(({ fetch }) => fetch)
  const findings = judgeLookup(lookup, area)
  for (const { hops, address } of fetches) {
    const [first, ...more] = hops
    findings.push(...judgeConnection(first, { area, subject: nameAddress(host, 443, address) }, now))
    for (const hop of more) findings.push(...judgeConnection(hop, { area, subject: nameAddress(new URL(hop.url).host, hop.port, hop.address) }, now))
  }
  if (fetches.length > 0 && fetches.every(({ hops }) => hops[0].response === undefined)) {
    findings.push(buildFinding('document.unreachable', {
      area,
      subject: `${host}:443`,
      what: `Nothing answers at https://${host}${lookup.addresses.length > 1 ? `, at any of its ${lookup.addresses.length} addresses` : ''}.`,
      change: `Have a web server or proxy listen on port 443 of ${host}, and pass /.well-known/matrix/ on to the sidecar.`,
      evidence: { addresses: lookup.addresses }
    }))
  }
  const readByClients = fetches.filter(({ path }) => path.endsWith('/client') || path.endsWith('/support'))
  for (const address of lookup.addresses) {
    const here = [...readByClients, ...strangers].filter(fetch => fetch.address === address)
    findings.push(...judgeNotFound(here.map(lastHop), host))
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
  return hops.at(-1) ?? hops[0]
}

function judgeDocuments ({ inspections }: Facts, now: Date): Finding[] {
  return [...inspections].flatMap(([name, each]) => [
    ...judgeSplit(each.map(({ fetch }) => fetch), areaOf(name)),
    ...locate(each.map(inspection => [inspection.fetch.address, judgeDocument(name, inspection, now)]))
  ])
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
    return [...judgeBaseUrls(content, host, endpoint?.tlsName), ...judgeClient(content, facts, now)]
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

function withoutRepetitions (findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.toReversed().map(finding => [JSON.stringify([finding.id, finding.subject, finding.what]), finding])).values()].toReversed()
}
