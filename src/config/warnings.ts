import { isPackageStyle, obsoleteClientKeys, optionalClientKeys } from '../matrix/client-keys.ts'
import { documentPath } from '../site/documents.ts'
import { tuwunelMaxSize } from '../site/document-size.ts'
import type { Document } from '../site/documents.ts'
import type { JsonObject } from '../matrix/json-object.ts'
import { quote } from '../matrix/printable.ts'
import { parseDelegatedServerName, parseServerName } from '../matrix/server-name.ts'
import type { ServerName } from '../matrix/server-name.ts'
import { parseHttpUrl } from '../matrix/url.ts'
import type { ServerSettings, SiteSettings } from './settings.ts'

/** What is legal but probably not meant, a line each. */
export function findSiteWarnings (settings: SiteSettings, documents: readonly Document[]): string[] {
  return [
    ...warnOfServerName(settings),
    ...warnOfDelegatedServer(settings),
    ...warnOfBaseUrl(settings),
    ...warnOfPlainHttp(settings),
    ...warnOfClientKeys(settings),
    ...warnOfCaching(settings),
    ...warnOfSizes(documents)
  ]
}

function * warnOfServerName ({ SERVER_NAME }: SiteSettings): Generator<string> {
  const is = `SERVER_NAME is ${quote(SERVER_NAME)}`
  const name = parseServerName(SERVER_NAME)
  if (name.kind !== 'dns') {
    yield `${is}, an IP address: other servers connect to it at once and never look for its /.well-known/matrix/server`
  } else if (name.port !== undefined) {
    yield `${is}, with a port: other servers connect to that port and never look for its /.well-known/matrix/server`
  }
  yield * warnOfStyle('SERVER_NAME', SERVER_NAME, name)
}

function * warnOfDelegatedServer (settings: SiteSettings): Generator<string> {
  const { M_SERVER } = settings
  if (M_SERVER === undefined) return
  const is = `M_SERVER is ${quote(M_SERVER)}`
  if (!settings.SERVE_SERVER_WELLKNOWN) {
    yield `${is}, but SERVE_SERVER_WELLKNOWN is false, so /.well-known/matrix/server is not served`
  }
  const name = parseDelegatedServerName(M_SERVER)
  if (name.port === undefined) {
    const search = name.kind === 'dns' ? 'look for SRV records and then try port 8448' : 'try port 8448'
    yield `${is}, without a port: other servers ${search}; if yours is on port 443, write ${M_SERVER}:443`
  }
  yield * warnOfStyle('M_SERVER', M_SERVER, name)
}

/** The specification's recommendations for server names (Appendices › Server Name), and a limit of the DNS. */
function * warnOfStyle (variable: string, value: string, { kind, host }: ServerName): Generator<string> {
  const is = `${variable} is ${quote(value)}`
  if (/[A-Z]/.test(value)) yield `${is}, with upper case: server names are case-sensitive, lower case is recommended`
  if (value.length > 230) yield `${is}, ${value.length} characters long: at most 230 are recommended`
  if (kind === 'dns' && host.split('.').some(label => label.length > 63)) {
    yield `${is}, with more than 63 characters between two dots: the DNS has no such names`
  }
}

function * warnOfBaseUrl (settings: SiteSettings): Generator<string> {
  const { M_HOMESERVER_BASE_URL, M_SERVER, SERVER_NAME } = settings
  if (M_HOMESERVER_BASE_URL === undefined) return
  const is = `M_HOMESERVER_BASE_URL is ${quote(M_HOMESERVER_BASE_URL)}`
  const { host: { host }, path } = parseHttpUrl(M_HOMESERVER_BASE_URL)
  if (path.replaceAll('/', '') !== '') yield `${is}, with a path: clients append "/_matrix/…" to it; most homeservers have none`
  const apex = parseServerName(SERVER_NAME).host
  if (M_SERVER !== undefined && equalHosts(host, apex) && !equalHosts(parseDelegatedServerName(M_SERVER).host, apex)) {
    yield `${is}, the host of SERVER_NAME, while M_SERVER sends other servers to ${quote(M_SERVER)}: do clients not go there too?`
  }
}

function equalHosts (left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase()
}

function * warnOfPlainHttp (settings: SiteSettings): Generator<string> {
  const urls: [variable: string, url: string | undefined][] = [
    ['M_HOMESERVER_BASE_URL', settings.M_HOMESERVER_BASE_URL],
    ['M_IDENTITY_SERVER_BASE_URL', settings.M_IDENTITY_SERVER_BASE_URL],
    ...settings.LIVEKIT_SERVICE_URL.map((url): [string, string] => ['LIVEKIT_SERVICE_URL', url]),
    ['SUPPORT_PAGE', settings.SUPPORT_PAGE],
    ...findUrls(settings.EXTRA_WELL_KNOWN_CLIENT_CONTENT).map((url): [string, string] => ['EXTRA_WELL_KNOWN_CLIENT_CONTENT', url])
  ]
  for (const [variable, url] of urls) {
    if (url !== undefined && parseHttpUrl(url).scheme === 'http') {
      yield `${variable} is ${quote(url)}: without TLS everybody on the way can read along, and browsers refuse it on an https page`
    }
  }
}

/** The URLs in keys that clients read, whatever else is in there. */
function findUrls (content: JsonObject): string[] {
  return Object.entries(content)
    .filter(([key]) => key in optionalClientKeys)
    .flatMap(([, value]) => JSON.stringify(value).match(/(?<="(?:map_style_url|livekit_service_url)":")https?:[^"]+/gi) ?? [])
}

function * warnOfClientKeys ({ EXTRA_WELL_KNOWN_CLIENT_CONTENT }: SiteSettings): Generator<string> {
  for (const key of Object.keys(EXTRA_WELL_KNOWN_CLIENT_CONTENT)) {
    const has = `EXTRA_WELL_KNOWN_CLIENT_CONTENT has the key ${quote(key)}`
    const successor = obsoleteClientKeys.get(key)
    if (successor !== undefined) yield `${has}, which is obsolete: ${successor}`
    if (!isPackageStyle(key)) yield `${has}: the specification wants names such as com.example.key`
  }
}

function * warnOfCaching ({ CACHE_MAX_AGE }: SiteSettings): Generator<string> {
  if (CACHE_MAX_AGE < 300) yield `CACHE_MAX_AGE is ${CACHE_MAX_AGE}: Synapse keeps a document for at least 300 seconds all the same`
  if (CACHE_MAX_AGE > 172_800) yield `CACHE_MAX_AGE is ${CACHE_MAX_AGE}: Synapse keeps a document for at most 172800 seconds (48 hours), and a wrong one stays with others for longer`
}

/** The same of the settings of the process. */
export function * findServerWarnings ({ LOG_LEVEL, LOG_REQUESTS }: ServerSettings): Generator<string> {
  if (LOG_REQUESTS && !['info', 'debug', 'trace'].includes(LOG_LEVEL)) {
    yield `LOG_REQUESTS is true, but LOG_LEVEL is ${LOG_LEVEL}, which leaves out the lines of requests: set it to info`
  }
}

function * warnOfSizes (documents: readonly Document[]): Generator<string> {
  if (documents.length === 0) yield 'nothing is served: SERVE_SERVER_WELLKNOWN is false, and no other document is configured'
  for (const { name, size } of documents) {
    if (size > tuwunelMaxSize) {
      yield `${documentPath(name)} is ${size} bytes long: some servers (tuwunel) read at most ${tuwunelMaxSize}`
    }
  }
}
