import { isJsonObject } from '../../matrix/json-object.ts'
import type { JsonObject } from '../../matrix/json-object.ts'
import { documentKind, documentPath } from '../../site/documents.ts'
import type { DocumentName } from '../../site/documents.ts'
import { decodeAsBrowser, parseJsonText } from '../network/body-text.ts'
import { decodeBody } from '../network/content-encoding.ts'
import { fetchPath, openHttpsPeer } from '../network/fetch.ts'
import type { Fetch, WellKnownHost } from '../network/fetch.ts'
import type { Network } from '../network/network.ts'
import type { Exchange } from '../network/peer.ts'
import { preflightHeaders, requestHeaders } from '../network/user-agents.ts'

/** All requests for a document at one address; only `fetch` if that got no response. */
export interface Inspection {
  /** As the document's main readers ask: servers or browsers. */
  readonly fetch: Fetch
  /** The same request with the other User-Agent. */
  readonly asOther: Exchange | undefined
  readonly preflight: Exchange | undefined
}

/**
 * Asks one address for one document. The fetch is available before the rest of the inspection.
 *
 * The way of other servers begins with `/server`. All requests for it are sent at once, over several connections, so
 * that the rest of the inspection doesn't take longer than that way.
 */
export function inspectDocument (
  network: Network,
  at: WellKnownHost,
  name: DocumentName
): { fetch: Promise<Fetch>, inspection: Promise<Inspection> } {
  const peer = openHttpsPeer(network, at)
  const [first, other] = documentKind(name).readBy === 'servers'
    ? ['server', 'browser'] as const
    : ['browser', 'server'] as const
  const path = documentPath(name)
  const fetch = fetchPath(network, peer, at, path, requestHeaders(first))
  const askFurther: AskFurther = async () => await Promise.all([
    peer.send({ method: 'GET', target: path, headers: requestHeaders(other) }),
    peer.send({ method: 'OPTIONS', target: path, headers: preflightHeaders() })
  ])
  return { fetch, inspection: completeInspection(fetch, name === 'server' ? askFurther() : undefined, askFurther) }
}

async function completeInspection (
  fetching: Promise<Fetch>,
  started: ReturnType<AskFurther> | undefined,
  askFurther: AskFurther
): Promise<Inspection> {
  const fetch = await fetching
  if (fetch.hops[0].response === undefined) return { fetch, asOther: undefined, preflight: undefined }
  const [asOther, preflight] = await (started ?? askFurther())
  return { fetch, asOther, preflight }
}

type AskFurther = () => Promise<readonly [asOther: Exchange, preflight: Exchange]>

/** Asks one address for a path, as browsers do. */
export async function fetchFrom (network: Network, at: WellKnownHost, path: string): Promise<Fetch> {
  return await fetchPath(network, openHttpsPeer(network, at), at, path, requestHeaders('browser'))
}

/** The content of a response, also if only lenient clients read it. */
export function readLeniently (fetch: Fetch | undefined): JsonObject | undefined {
  const response = fetch?.hops.at(-1)?.response
  const body = response === undefined || response.status >= 400 ? undefined : decodeBody(response)
  const content = parseJsonText(body === undefined ? undefined : decodeAsBrowser(body))
  return isJsonObject(content) ? content : undefined
}
