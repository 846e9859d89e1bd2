import { quote } from '../../matrix/printable.ts'
import { comfortableRedirects } from '../gather/routes.ts'
import { maxRedirects } from '../network/fetch.ts'
import type { Fetch, RedirectFault } from '../network/fetch.ts'
import { redirectOf } from '../network/response-headers.ts'
import { areUntried, describeFailures, explainUntried, fixUntried, listFailures } from './failed-places.ts'
import type { FailedPlace } from './failed-places.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { references } from './references.ts'

const fix = 'Serve the document at this path, and exclude the path from redirects to www or https.'

export const redirectFindings = {
  'document.redirect': {
    severity: 'notice',
    title: 'A document is redirected',
    why: 'Web clients follow a redirect only if each hop has CORS headers, and each hop can fail.',
    specification: references.wellKnownUris,
    what: ({ path, urls }: { path: string, urls: readonly string[] }) => {
      // To the same path elsewhere, as most redirects are.
      const targets = urls.map(url => url.endsWith(path) ? new URL(url).origin : url)
      return `It is redirected to ${targets.join(', then ')}.`
    },
    fix,
    example: { path: '/.well-known/matrix/client', urls: ['https://www.example.com/.well-known/matrix/client'] }
  },
  'document.redirect-http': {
    severity: 'warning',
    title: 'A document is redirected to http://',
    why: "Browsers don't follow such a redirect, and anyone on the way can replace the document.",
    specification: references.wellKnownUris,
    what: ({ url }: { url: string }) => `It is redirected to ${quote(url)}, without TLS.`,
    fix,
    example: { url: 'http://www.example.com/.well-known/matrix/client' }
  },
  'document.redirect-broken': {
    severity: 'warning',
    title: "A redirect of a document leads nowhere: a loop, too many hops, or a host that doesn't respond",
    reason: ({ fault, location, failures }: BrokenRedirectParts) =>
      fault === 'silent' ? explainUntried(failures, new URL(String(location)).host) : '',
    why: 'Readers give up.',
    specification: references.discoveryWellKnown,
    what: ({ fault, location, failures }: BrokenRedirectParts) => fault === 'silent'
      ? `The redirect leads to ${location}, which doesn't respond. ${describeFailures(failures)}`
      : `The redirect ${redirectFaults[fault]}: ${quote(location)}.`,
    fix: ({ failures }: BrokenRedirectParts) => areUntried(failures) ? fixUntried(failures) : fix,
    example: { fault: 'loop', location: '/.well-known/matrix/client', failures: [] }
  }
} as const satisfies FindingKinds

export interface BrokenRedirectParts {
  readonly fault: RedirectFault | 'silent'
  readonly location: string | undefined
  /** Why there is no response. */
  readonly failures: readonly FailedPlace[]
}

const redirectFaults: Readonly<Record<RedirectFault, string>> = {
  loop: 'is a loop',
  limit: `has more than ${maxRedirects} hops`,
  location: 'leads to something other than a plain http:// or https:// URL',
  address: 'leads to a host without an address'
}

const find = findingBuilder(redirectFindings)

/** Where the redirects of a document end if nothing is there (404). */
export function findDeadEnd ({ hops }: Fetch): string | undefined {
  const last = hops.at(-1)
  return hops.length > 1 && last?.response?.status === 404 ? last.url : undefined
}

/** What is wrong with the redirects of a document. One that leads to 404 is no document at all. */
export function judgeRedirects ({ hops, redirectFault, path }: Fetch, context: Context): Finding[] {
  const urls = hops.map(({ url }) => url)
  const last = hops.at(-1)
  const insecure = urls.find(url => url.startsWith('http:'))
  const downgrades = insecure === undefined
    ? []
    : [find('document.redirect-http', { ...context, parts: { url: insecure }, evidence: { hops: urls } })]
  if (redirectFault !== undefined) {
    const location = redirectOf(last?.response)
    return [find('document.redirect-broken', {
      ...context, parts: { fault: redirectFault, location, failures: [] }, evidence: { hops: urls, location }
    })]
  }
  if (last?.response === undefined) {
    const failures = listFailures(hops.slice(-1))
    return [find('document.redirect-broken', {
      ...context, parts: { fault: 'silent', location: last?.url, failures }, evidence: { hops: urls, ...last?.failure }
    })]
  }
  if (hops.length === 1 || last.response.status === 404) return downgrades
  if (downgrades.length > 0 && hops.length - 1 <= comfortableRedirects) return downgrades
  return [...downgrades, find('document.redirect', {
    ...context,
    parts: { path, urls: urls.slice(1) },
    evidence: { hops: urls }
  })]
}
