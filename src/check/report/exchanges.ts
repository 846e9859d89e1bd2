import { shorten } from '../../matrix/short-text.ts'
import type { ClientFacts } from '../gather/client.ts'
import type { FederationAddress } from '../gather/federation.ts'
import type { Facts } from '../gather/gather.ts'
import type { Inspection } from '../gather/well-known.ts'
import { decodeBody } from '../network/content-encoding.ts'
import type { Fetch } from '../network/fetch.ts'
import type { Exchange, Failure, Response } from '../network/peer.ts'

type HeaderLine = readonly [name: string, value: string]

/** A request of the check, and what came back. */
export interface ReportedExchange {
  readonly method: string
  readonly url: string
  readonly address: string
  readonly port: number
  readonly requestHeaders: readonly HeaderLine[]
  readonly response: ReportedResponse | null
  /** Why there is no response, or only a part of one. */
  readonly failure: Failure | null
  readonly milliseconds: number
}

/** A response as received, cut to what a person may want to read. */
export interface ReportedResponse {
  readonly status: number
  readonly headers: readonly HeaderLine[]
  /** How many further headers there are. */
  readonly headersLeftOut: number
  /** As text, without its Content-Encoding. */
  readonly body: string
  /** The size of the body as sent, or of what was read of it. */
  readonly bytes: number
  /** Whether `body` is only the beginning. */
  readonly bodyCut: boolean
}

const maxExchanges = 200
const maxHeaders = 40
/** In characters. */
const maxHeaderLength = 400
/** In bytes: `/client` of a large server, twice. */
const maxBodyLength = 2_000

/** The requests of a check in the order of the path, and how many are left out of a check with very many. */
export function reportExchanges (facts: Facts): { exchanges: ReportedExchange[], exchangesLeftOut: number } {
  const all = listExchanges(facts)
  return {
    exchanges: all.slice(0, maxExchanges).map(reportExchange),
    exchangesLeftOut: Math.max(0, all.length - maxExchanges)
  }
}

/** Each once, although some facts are reached in several ways. */
function listExchanges ({ inspections, strangers, federation, client }: Facts): Exchange[] {
  const all = [
    ...[...inspections.values()].flat().flatMap(exchangesOfInspection),
    ...strangers.flatMap(({ hops }) => hops),
    ...federation?.routes.flatMap(({ addresses }) => addresses.flatMap(exchangesOfAddress)) ?? [],
    ...hopsOf(federation?.elsewhere),
    ...exchangesOfClient(client?.facts),
    ...client?.others.flatMap(({ facts }) => exchangesOfClient(facts)) ?? [],
    ...hopsOf(client?.elsewhere)
  ]
  return [...new Set(all.filter(exchange => exchange !== undefined))]
}

function exchangesOfInspection ({ fetch, asOther, preflight }: Inspection): Array<Exchange | undefined> {
  return [...fetch.hops, asOther, preflight]
}

function exchangesOfAddress ({ version, keys, plainEvent, encodedEvent }: FederationAddress): Exchange[] {
  return [version, keys, plainEvent, encodedEvent]
}

function exchangesOfClient (facts: ClientFacts | undefined): Array<Exchange | undefined> {
  if (facts === undefined) return []
  const { homeserver, identityServer, ownDocument, callServices } = facts
  return [
    ...homeserver.addresses.flatMap(({ address, ...exchanges }) => Object.values(exchanges)),
    ...hopsOf(ownDocument),
    identityServer?.exchange,
    ...callServices.flatMap(({ health, preflight }) => [health, preflight])
  ]
}

function hopsOf (fetch: Fetch | undefined): readonly Exchange[] {
  return fetch?.hops ?? []
}

function reportExchange ({ request, url, address, port, response, failure, milliseconds }: Exchange): ReportedExchange {
  // The URL has the Host header as it was sent.
  const host = String(url.split('/', 3)[2])
  return {
    method: request.method,
    url: shorten(url, maxHeaderLength),
    address,
    port,
    requestHeaders: [['Host', shorten(host, maxHeaderLength)], ...Object.entries(request.headers)],
    response: response === undefined ? null : reportResponse(response),
    failure: failure ?? null,
    milliseconds
  }
}

function reportResponse (response: Response): ReportedResponse {
  const { status, headers, body: sent, truncated } = response
  const body = decodeBody(response) ?? sent
  return {
    status,
    headers: headers.slice(0, maxHeaders)
      .map(([name, value]) => [shorten(name, maxHeaderLength), shorten(value, maxHeaderLength)]),
    headersLeftOut: Math.max(0, headers.length - maxHeaders),
    body: body.subarray(0, maxBodyLength).toString(),
    bytes: sent.length,
    bodyCut: truncated || body.length > maxBodyLength
  }
}
