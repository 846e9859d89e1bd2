/*
 * Bridges and bots based on mautrix.
 * Observed: mautrix-go 0.32.0, client.go (DiscoverClientAPI); mautrix-python 0.21.1, mautrix/client/api/base.py.
 */
import { followClient } from './client-outcome.ts'
import type { Reader } from './reader.ts'
import { isJsonObject, property } from '../../matrix/json-object.ts'
import type { Response } from '../network/peer.ts'
import { badStatus, invalidContent, notJson } from './causes.ts'
import { asks, fails, missing, readAsPython } from './client-document.ts'
import type { ClientReading } from './client-document.ts'
import { measureDepth } from '../../matrix/json-depth.ts'
import { maxGoDepth } from './max-depth.ts'
import { decodeLossily, parseJsonText } from '../network/body-text.ts'

/** The longest body that mautrix-go reads, in bytes. */
const maxSize = 65_535

/** Reads `/client` as mautrix-go does: the status counts only if it is 404. */
export function readAsMautrixGo (response: Response): ClientReading {
  if (response.status === 404) return asks(...missing)
  if (response.body.length > maxSize) return fails('document.too-large')
  const text = decodeLossily(response.body)
  if (measureDepth(text) > maxGoDepth) return fails('document.depth')
  const content = parseJsonText(text)
  if (content === undefined) return fails(...notJson(text))
  const homeserver = property(content, 'm.homeserver')
  const identityServer = property(content, 'm.identity_server') ?? {}
  if (!isJsonObject(homeserver) || !isJsonObject(identityServer)) return fails(...invalidContent)
  const url = homeserver.base_url
  if (typeof url !== 'string' || url === '') return fails(...invalidContent)
  // What has no scheme gets one; what has another one, or no host after it, is of no use.
  if (/^[a-z][a-z\d+.-]*:/i.test(url) && !/^https?:\/\/[^/]/i.test(url)) return fails(...invalidContent)
  const baseUrl = /^https?:\/\//.test(url) ? url : `https://${url.replace(/^\/+/, '')}`
  return { kind: 'homeserver', baseUrl: baseUrl.replace(/\/$/, '') }
}

/** Reads `/client` as mautrix-python does: 200, UTF-8, an absolute URL. */
export function readAsMautrixPython (response: Response): ClientReading {
  if (response.status === 404) return asks(...missing)
  if (response.status !== 200) return fails(...badStatus)
  return readAsPython(response.body, content => {
    const url = property(property(content, 'm.homeserver'), 'base_url')
    return typeof url === 'string' && /^https?:\/\/[^/]/i.test(url)
      ? { kind: 'homeserver', baseUrl: url.replace(/\/$/, '') }
      : fails(...invalidContent)
  })
}

export const mautrixGo: Reader = {
  name: 'mautrix-go',
  kind: 'client',
  follow: facts => followClient(facts, {
    read: readAsMautrixGo,
    isBrowser: false,
    maxRedirects: 10,
    keepsSlashes: true,
    maxTime: 30_000,
    acceptsVersions: () => true,
    usesOauth: false
  })
}

export const mautrixPython: Reader = {
  name: 'mautrix-python',
  kind: 'client',
  follow: facts => followClient(facts, {
    read: readAsMautrixPython,
    isBrowser: false,
    maxRedirects: 10,
    keepsSlashes: true,
    maxTime: 300_000,
    acceptsVersions: versions => versions.length > 0,
    usesOauth: false
  })
}
