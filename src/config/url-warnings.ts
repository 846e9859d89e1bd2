import { optionalClientKeys } from '../matrix/client-keys.ts'
import { findInvalidValue } from '../matrix/invalid-value.ts'
import type { JsonObject } from '../matrix/json-object.ts'
import { quote } from '../matrix/printable.ts'
import { parseHttpUrl } from '../matrix/url.ts'
import { blockedPorts } from './blocked-ports.ts'
import { explainReach } from './reach.ts'
import type { SiteSettings } from './settings.ts'

/** URLs that can't be reached from outside, that browsers block, or that are not encrypted. */
export function * warnOfUrls (settings: SiteSettings): Generator<string> {
  for (const [subject, url] of listUrls(settings)) {
    if (url === undefined || /^mailto:/i.test(url)) continue
    const { host, scheme } = parseHttpUrl(url)
    const reach = explainReach(host)
    if (host.port !== undefined && blockedPorts.has(host.port)) {
      yield `${subject} ${quote(url)}: browsers and Node's fetch block port ${host.port}; use another one, such as 443`
    }
    if (reach !== undefined) {
      yield `${subject} ${quote(url)}: ${reach}; use a URL that works outside, such as https://matrix.example.com`
    } else if (scheme === 'http') {
      yield `${subject} ${quote(url)}, without TLS: others can read the traffic, ` +
        'and browsers block it on https pages'
    }
  }
}

function * listUrls (settings: SiteSettings): Generator<[subject: string, url: string | undefined]> {
  yield ['M_HOMESERVER_BASE_URL is', settings.M_HOMESERVER_BASE_URL]
  yield ['M_IDENTITY_SERVER_BASE_URL is', settings.M_IDENTITY_SERVER_BASE_URL]
  for (const url of settings.LIVEKIT_SERVICE_URL) yield ['LIVEKIT_SERVICE_URL has', url]
  yield ['SUPPORT_PAGE is', settings.SUPPORT_PAGE]
  const variable = 'EXTRA_WELL_KNOWN_CLIENT_CONTENT'
  for (const url of findClientUrls(settings[variable])) yield [`${variable} has`, url]
}

/** The URLs in keys that clients read. */
function findClientUrls (content: JsonObject): string[] {
  const urlOfKey = /(?<="(?:map_style_url|livekit_service_url)":")https?:[^"]+/gi
  return Object.entries(content)
    .filter(([key]) => Object.hasOwn(optionalClientKeys, key))
    .flatMap(([, value]) => JSON.stringify(value).match(urlOfKey) ?? [])
    .filter(url => findInvalidValue(parseHttpUrl, url) === undefined)
}
