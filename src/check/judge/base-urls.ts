import type { JsonObject } from '../../matrix/json-object.ts'
import { baseUrlOf, hasHomeserver } from '../gather/client.ts'
import type { ClientFacts } from '../gather/client.ts'
import { findingBuilder } from './finding.ts'
import type { Finding, FindingKinds } from './finding.ts'
import { references } from './references.ts'

export const baseUrlFindings = {
  'client.base-url-http': {
    severity: 'warning',
    title: 'A base_url begins with http://',
    why: 'Browsers block it on an https page, and anyone on the network can read the traffic.',
    specification: references.wellKnownClient,
    what: ({ key, url }: { key: string, url: string }) => `The base_url of ${key} is ${url}.`,
    fix: 'Use https://, and enable TLS on that server.',
    example: { key: 'm.homeserver', url: 'http://matrix.example.com' }
  },
  'client.base-url-slashes': {
    severity: 'notice',
    title: 'The base_url ends in several slashes',
    why: "Element Web and mautrix remove only one of them: they request //_matrix/…, which homeservers don't have.",
    specification: references.wellKnownClient,
    what: ({ url }: { url: string }) => `The base_url is ${url}.`,
    fix: 'Remove the slashes at its end.',
    example: { url: 'https://matrix.example.com//' }
  },
  'client.base-url-path': {
    severity: 'warning',
    title: 'The base_url has a path',
    why: 'Clients append /_matrix/… to it; most homeservers have no path.',
    specification: references.wellKnownClient,
    what: ({ url }: { url: string }) => `The base_url is ${url}.`,
    fix: 'Remove the path, unless the homeserver really is below it.',
    example: { url: 'https://matrix.example.com/_matrix' }
  },
  'client.base-url-apex': {
    severity: 'warning',
    title: 'The base_url is the host of the server name, but other servers are sent elsewhere',
    why: 'Clients and servers usually use the same host.',
    specification: references.wellKnownClient,
    what: ({ url, host }: { url: string, host: string }) =>
      `The base_url is ${url}, but other servers connect to ${host}.`,
    fix: ({ host }: { host: string }) => `Use https://${host} if clients should use that host too.`,
    example: { url: 'https://example.com', host: 'matrix.example.com' }
  }
} as const satisfies FindingKinds

const find = findingBuilder(baseUrlFindings)

const context = { area: 'clients', about: { document: 'client' } } as const

/**
 * What is wrong with the base URLs: those that clients must not use, and possible causes if there is no homeserver.
 *
 * @param apex the host of the server name.
 * @param federationHost the host that other servers are delegated to, if they are.
 */
export function judgeBaseUrls (
  content: JsonObject,
  facts: ClientFacts | undefined,
  apex: string,
  federationHost: string | undefined
): Finding[] {
  const insecure = (['m.homeserver', 'm.identity_server'] as const).flatMap(key => {
    const url = baseUrlOf(content, key) ?? (key === 'm.homeserver' ? facts?.homeserver.url : undefined)
    if (url === undefined || !isHttp(url)) return []
    return [find('client.base-url-http', { ...context, parts: { key, url }, evidence: { base_url: url } })]
  })
  const written = baseUrlOf(content, 'm.homeserver')
  const faults = written?.endsWith('//') === true
    ? [...insecure, find('client.base-url-slashes', {
        ...context, parts: { url: written }, evidence: { base_url: written }
      })]
    : insecure
  if (facts === undefined || hasHomeserver(facts)) return faults
  const { url, host, path } = facts.homeserver
  const evidence = { base_url: url }
  const isApex = host.toLowerCase() === apex.toLowerCase()
  return [
    ...faults,
    ...path === '' ? [] : [find('client.base-url-path', { ...context, parts: { url }, evidence })],
    ...!isApex || federationHost === undefined || federationHost.toLowerCase() === apex.toLowerCase()
      ? []
      : [find('client.base-url-apex', { ...context, parts: { url, host: federationHost }, evidence })]
  ]
}

export function isHttp (url: string): boolean {
  return /^http:/i.test(url)
}
