import { isDeepStrictEqual } from 'node:util'
import { rtcFociKey, rtcFociNames } from '../../matrix/client-keys.ts'
import { quote } from '../../matrix/printable.ts'
import { property } from '../../matrix/json-object.ts'
import type { JsonObject } from '../../matrix/json-object.ts'
import { listSome } from '../../matrix/list-some.ts'
import { isUnknownEndpoint, transportsPath } from '../gather/client.ts'
import type { ClientAddress } from '../gather/client.ts'
import { readJsonResponse } from '../network/json-body.ts'
import { findingBuilder } from './finding.ts'
import type { Finding, FindingKinds } from './finding.ts'
import { references } from './references.ts'

export const callFindings = {
  'client.rtc-transports': {
    severity: 'notice',
    title: "The homeserver doesn't serve /rtc/transports, although calls are configured",
    why: 'Newer clients request it first; rtc_foci in the document is for older ones.',
    specification: references.rtcTransports,
    what: ({ status }: { status: number }) =>
      `rtc_foci is in /client, but ${transportsPath} returns status ${status}.`,
    fix: 'Configure the transports in the homeserver too: in Synapse, matrix_rtc and also ' +
      'experimental_features: {msc4143_enabled: true}.',
    example: { status: 404 }
  },
  'client.rtc-name': {
    severity: 'warning',
    title: "Services for calls have only a name that Element Call doesn't read",
    why: 'Calls fail, unless the homeserver serves /rtc/transports: only then can clients do without the key.',
    specification: references.rtcTransports,
    what: ({ key }: { key: string }) => `/client has ${quote(key)}, but no ${quote(rtcFociKey)}.`,
    fix: `Rename the key to ${quote(rtcFociKey)}. The sidecar uses it if you set LIVEKIT_SERVICE_URL.`,
    example: { key: 'm.rtc_foci' }
  },
  'client.rtc-differs': {
    severity: 'warning',
    title: 'rtc_foci and /_matrix/client/v1/rtc/transports contain different services',
    why: 'Users in one call may be sent to different services.',
    specification: references.rtcTransports,
    what: ({ here, there }: { here: readonly string[], there: readonly string[] }) =>
      `/client contains ${listSome(here, 5) || 'none'}, the homeserver ${listSome(there, 5) || 'none'}.`,
    fix: 'Configure the same services in both.',
    example: { here: ['https://rtc.example.com'], there: [] }
  }
} as const satisfies FindingKinds

const find = findingBuilder(callFindings)

/** Whether clients find the services for calls, wherever they look. */
export function judgeCalls (content: JsonObject, addresses: readonly ClientAddress[]): Finding[] {
  return [...judgeName(content), ...judgeTransports(content, addresses)]
}

/** Whether services have the name that clients read. */
function judgeName (content: JsonObject): Finding[] {
  const [key] = rtcFociNames.filter(name => content[name] !== undefined)
  if (key === undefined || key === rtcFociKey || isDeepStrictEqual(content[key], [])) return []
  return [find('client.rtc-name', { area: 'clients', about: { document: 'client' }, parts: { key } })]
}

/**
 * Whether the services for calls in the document, which older clients read, are those of the homeserver, where newer
 * clients ask. The latter requires an access token, so 401 is fine.
 */
function judgeTransports (content: JsonObject, addresses: readonly ClientAddress[]): Finding[] {
  const response = addresses.find(({ transports }) => transports?.response !== undefined)?.transports?.response
  if (response === undefined) return []
  const { status } = response
  const context = { area: 'clients', about: { path: transportsPath } } as const
  if (isUnknownEndpoint(response)) {
    return [find('client.rtc-transports', { ...context, parts: { status }, evidence: { status } })]
  }
  const there = status === 200 ? serviceUrls(readJsonResponse(response).content?.['rtc_transports']) : undefined
  const here = serviceUrls(rtcFociNames.map(name => content[name]).find(foci => foci !== undefined))
  // If one is not a list, it is judged as a part of the document, or says nothing.
  if (there === undefined || here === undefined || isDeepStrictEqual(there, here)) return []
  return [find('client.rtc-differs', {
    ...context, parts: { here, there }, evidence: { client: here, transports: there }
  })]
}

/** The URLs of services. Newer homeservers call them `url`, or leave them to the client (MSC4195). */
function serviceUrls (transports: unknown): string[] | undefined {
  if (!Array.isArray(transports)) return undefined
  const urls = transports.map(entry => property(entry, 'url') ?? property(entry, 'livekit_service_url'))
  return urls.length > 0 && urls.every(url => url === undefined)
    ? undefined
    : urls.filter(url => typeof url === 'string').toSorted()
}
