import { optionalClientKeys } from '../matrix/client-keys.ts'
import { findInvalidValue } from '../matrix/invalid-value.ts'
import type { JsonObject } from '../matrix/json-object.ts'
import { quote } from '../matrix/printable.ts'
import { parseHttpUrl } from '../matrix/url.ts'
import { blockedPorts } from './blocked-ports.ts'
import type { Warning } from './fault.ts'
import { explainReach } from './reach.ts'
import type { SettingName, SiteSettings } from './settings.ts'

/** URLs that can't be reached from outside, that browsers block, or that are not encrypted. */
export function * warnOfUrls (settings: SiteSettings): Generator<Warning> {
  for (const [variable, verb, url] of listUrls(settings)) {
    if (url === undefined || /^mailto:/i.test(url)) continue
    const { host, scheme } = parseHttpUrl(url)
    const reach = explainReach(host)
    const is = `${variable} ${verb} ${quote(url)}`
    if (host.port !== undefined && blockedPorts.has(host.port)) {
      const fault = `browsers and Node's fetch block port ${host.port}`
      yield { variable, message: `${is}: ${fault}; use another one, such as 443` }
    }
    if (reach !== undefined) {
      const fix = 'use a URL that works outside, such as https://matrix.example.com'
      yield { variable, message: `${is}: ${reach}; ${fix}` }
    } else if (scheme === 'http') {
      const fault = 'without TLS: others can read the traffic, and browsers block it on https pages'
      yield { variable, message: `${is}, ${fault}` }
    }
  }
}

function * listUrls (settings: SiteSettings): Generator<[SettingName, verb: string, url: string | undefined]> {
  yield ['M_HOMESERVER_BASE_URL', 'is', settings.M_HOMESERVER_BASE_URL]
  yield ['M_IDENTITY_SERVER_BASE_URL', 'is', settings.M_IDENTITY_SERVER_BASE_URL]
  for (const url of settings.LIVEKIT_SERVICE_URL) yield ['LIVEKIT_SERVICE_URL', 'has', url]
  yield ['SUPPORT_PAGE', 'is', settings.SUPPORT_PAGE]
  const variable = 'EXTRA_WELL_KNOWN_CLIENT_CONTENT'
  for (const url of findClientUrls(settings[variable])) yield [variable, 'has', url]
}

/** The URLs in keys that clients read. */
function findClientUrls (content: JsonObject): string[] {
  const urlOfKey = /(?<="(?:map_style_url|livekit_service_url)":")https?:[^"]+/gi
  return Object.entries(content)
    .filter(([key]) => Object.hasOwn(optionalClientKeys, key))
    .flatMap(([, value]) => JSON.stringify(value).match(urlOfKey) ?? [])
    .filter(url => findInvalidValue(parseHttpUrl, url) === undefined)
}
