/*
 * Element Web and other clients based on matrix-js-sdk, in a browser.
 * Observed: matrix-js-sdk 43.0.0, src/autodiscovery.ts and src/version-support.ts, in Chromium.
 */
import { followClient } from './client-outcome.ts'
import type { Reader } from './reader.ts'
import { isJsonObject } from '../../matrix/json-object.ts'
import type { Response } from '../network/peer.ts'
import { badStatus, invalidContent, otherContent } from './causes.ts'
import { asks, fails, missing } from './client-document.ts'
import type { ClientReading } from './client-document.ts'
import { decodeAsBrowser, parseJsonText } from '../network/body-text.ts'

/** How long it waits for a response, in milliseconds. */
const elementWebTimeout = 5_000

/** The versions of the specification that it works with: a homeserver must support at least one of them. */
export const elementWebVersions: readonly string[] = [
  'v1.1', 'v1.2', 'v1.3', 'v1.4', 'v1.5', 'v1.6', 'v1.7', 'v1.8', 'v1.9', 'v1.10', 'v1.11', 'v1.12', 'v1.13'
]

/** Reads `/client`, once the browser has let it see the response. */
export function readAsElementWeb (response: Response): ClientReading {
  if (response.status === 404) return asks(...missing)
  if (response.status !== 200) return fails(...badStatus)
  const content = parseJsonText(decodeAsBrowser(response.body))
  if (content === undefined) return fails('document.json', ...otherContent)
  const homeserver = at(content, 'm.homeserver')
  if (!homeserver) return fails(...invalidContent)
  const url = sanitizeUrl(at(homeserver, 'base_url'))
  if (url === undefined) return fails(...invalidContent)
  // It lists the keys of what it finds there, which throws for null.
  const throws = ['m.homeserver', 'm.identity_server'].some(key => isJsonObject(content) && content[key] === null)
  return throws ? fails(...invalidContent) : { kind: 'homeserver', baseUrl: url }
}

/** A property as JavaScript reads it, of a string or an array as well. */
function at (value: unknown, key: string): unknown {
  return value === null || value === undefined ? undefined : (Object(value) as Record<string, unknown>)[key]
}

/** A URL as the SDK takes it: query and fragment are dropped, and one slash at the end of the path. */
function sanitizeUrl (value: unknown): string | undefined {
  if (!value || !URL.canParse(String(value))) return undefined
  const { protocol, host, pathname } = new URL(String(value))
  if (protocol !== 'https:' && protocol !== 'http:') return undefined
  return `${protocol}//${host}${pathname.replace(/\/$/, '')}`
}

export const elementWeb: Reader = {
  name: 'Element Web',
  kind: 'client',
  follow: facts => followClient(facts, {
    read: readAsElementWeb,
    isBrowser: true,
    maxRedirects: 20,
    keepsSlashes: true,
    maxTime: elementWebTimeout,
    acceptsVersions: versions => elementWebVersions.some(version => versions.includes(version)),
    usesOauth: true
  })
}
