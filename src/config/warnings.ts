import { isPackageStyle, obsoleteClientKeys } from '../matrix/client-keys.ts'
import { findInvalidLabel } from '../matrix/idna.ts'
import { quote } from '../matrix/printable.ts'
import { findAmbiguity, parseDelegatedServerName, parseServerName } from '../matrix/server-name.ts'
import type { ServerName } from '../matrix/server-name.ts'
import { parseHttpUrl } from '../matrix/url.ts'
import { isCurrentLocalpart, parseUserId } from '../matrix/user-id.ts'
import { tuwunelMaxSize } from '../site/document-size.ts'
import { documentPath } from '../site/documents.ts'
import type { Document } from '../site/documents.ts'
import { blockedPorts } from './blocked-ports.ts'
import type { Warning } from './fault.ts'
import { explainReach } from './reach.ts'
import type { ServerSettings, SettingName, SiteSettings } from './settings.ts'
import { warnOfUrls } from './url-warnings.ts'

/** What is valid but probably not intended, one line each. */
export function findSiteWarnings (settings: SiteSettings, documents: readonly Document[]): Warning[] {
  return [
    ...about('SERVER_NAME', warnOfServerName(settings)),
    ...about('M_SERVER', warnOfDelegatedServer(settings)),
    ...about('M_SERVER', warnOfMissingDelegation(settings)),
    ...about('M_HOMESERVER_BASE_URL', warnOfBaseUrl(settings)),
    ...warnOfUrls(settings),
    ...about('EXTRA_WELL_KNOWN_CLIENT_CONTENT', warnOfClientKeys(settings)),
    ...about('SUPPORT_CONTACTS', warnOfContacts(settings)),
    ...about('CACHE_MAX_AGE', warnOfCaching(settings)),
    ...about(undefined, warnOfSizes(documents))
  ]
}

function about (variable: SettingName | undefined, messages: Iterable<string>): Warning[] {
  return Array.from(messages, message => ({ variable, message }))
}

function * warnOfServerName ({ SERVER_NAME }: SiteSettings): Generator<string> {
  const is = `SERVER_NAME is ${quote(SERVER_NAME)}`
  const name = parseServerName(SERVER_NAME)
  if (name.kind !== 'dns') {
    yield `${is}, an IP address: other servers connect to it and never request its /.well-known/matrix/server`
  } else if (name.port !== undefined) {
    yield `${is}, with a port: other servers connect to that port and never request /.well-known/matrix/server; most ` +
      'clients request /.well-known/matrix/client at that port, although the specification says port 443, ' +
      'so serve it at both'
  }
  const ambiguity = findAmbiguity(name)
  if (ambiguity !== undefined) {
    yield `${is}, which ${ambiguity.fault.replace(/^not /, "isn't ")}: clients and servers may not find it`
  } else if (name.kind === 'dns') {
    const invalid = findInvalidLabel(name.host)
    if (invalid !== undefined) yield `${is}, which contains ${invalid}: Synapse can't connect to it`
  }
  if (name.port !== undefined && blockedPorts.has(name.port)) {
    yield `${is}, with a port that browsers block: web clients can't request its documents`
  }
  yield * warnOfStyle('SERVER_NAME', SERVER_NAME, name)
}

/** Where Synapse and Dendrite listen for a reverse proxy by default. */
const plainPort = 8008

function * warnOfDelegatedServer (settings: SiteSettings): Generator<string> {
  const { M_SERVER } = settings
  if (M_SERVER === undefined) return
  const is = `M_SERVER is ${quote(M_SERVER)}`
  if (!settings.SERVE_SERVER_WELLKNOWN) {
    yield `${is}, but SERVE_SERVER_WELLKNOWN is false, so /.well-known/matrix/server isn't served`
  }
  const name = parseDelegatedServerName(M_SERVER)
  const reach = explainReach(name)
  if (reach !== undefined) {
    yield `${is}: ${reach}; use a name that resolves outside, such as matrix.example.com:443`
  } else if (name.port === undefined) {
    const search = name.kind === 'dns' ? 'look for SRV records, then use port 8448' : 'use port 8448'
    yield `${is}, without a port: other servers ${search}; if yours is on port 443, use ${M_SERVER}:443`
  } else if (name.port === plainPort) {
    const fault = `homeservers usually have no TLS on port ${plainPort}, and other servers require it`
    yield `${is}: ${fault}; if a proxy does TLS on port 443, use ${name.host}:443`
  }
  yield * warnOfStyle('M_SERVER', M_SERVER, name)
}

/**
 * Recommendations for server names, and a limit of DNS.
 *
 * @see https://spec.matrix.org/latest/appendices/#server-name
 */
function * warnOfStyle (variable: string, value: string, { kind, host }: ServerName): Generator<string> {
  const is = `${variable} is ${quote(value)}`
  if (/[A-Z]/.test(value)) {
    yield `${is}, with upper-case letters: server names are case-sensitive, and lower case is recommended`
  }
  if (value.length > 230) yield `${is}, ${value.length} characters long: at most 230 are recommended`
  if (kind === 'dns' && host.split('.').some(label => label.length > 63)) {
    yield `${is}, with more than 63 characters between two dots: DNS has no such names`
  }
}

/** Synapse's default is right only if the homeserver can be reached at the server name itself. */
function * warnOfMissingDelegation (settings: SiteSettings): Generator<string> {
  const { M_HOMESERVER_BASE_URL, M_SERVER, SERVER_NAME, SERVE_SERVER_WELLKNOWN } = settings
  if (M_HOMESERVER_BASE_URL === undefined || M_SERVER !== undefined || !SERVE_SERVER_WELLKNOWN) return
  const { kind, host, port } = parseServerName(SERVER_NAME)
  const { host: clientHost, scheme } = parseHttpUrl(M_HOMESERVER_BASE_URL)
  // A name with a port and an IP address are never looked up.
  if (kind !== 'dns' || port !== undefined || equalHosts(host, clientHost.host)) return
  if (explainReach(clientHost) !== undefined) return
  const clientPort = scheme === 'https' ? clientHost.port ?? 443 : 443
  yield `M_SERVER isn't set, so other servers are sent to ${quote(`${host}:443`)}, but M_HOMESERVER_BASE_URL sends ` +
    `clients to ${quote(clientHost.host)}: if your homeserver is there, set M_SERVER=${clientHost.host}:${clientPort}`
}

function * warnOfBaseUrl (settings: SiteSettings): Generator<string> {
  const { M_HOMESERVER_BASE_URL, M_SERVER, SERVER_NAME } = settings
  if (M_HOMESERVER_BASE_URL === undefined) return
  const is = `M_HOMESERVER_BASE_URL is ${quote(M_HOMESERVER_BASE_URL)}`
  const { host: { host }, path } = parseHttpUrl(M_HOMESERVER_BASE_URL)
  if (path.replaceAll('/', '') !== '') {
    yield `${is}, with a path: clients append "/_matrix/…" to it, and most homeservers have none`
  }
  const apex = parseServerName(SERVER_NAME).host
  if (M_SERVER !== undefined && equalHosts(host, apex) && !equalHosts(parseDelegatedServerName(M_SERVER).host, apex)) {
    yield `${is}, the host of SERVER_NAME, but M_SERVER sends other servers to ${quote(M_SERVER)}: ` +
      'should clients use that host too?'
  }
}

function equalHosts (left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase()
}

function * warnOfClientKeys ({ EXTRA_WELL_KNOWN_CLIENT_CONTENT }: SiteSettings): Generator<string> {
  for (const key of Object.keys(EXTRA_WELL_KNOWN_CLIENT_CONTENT)) {
    const has = `EXTRA_WELL_KNOWN_CLIENT_CONTENT has the key ${quote(key)}`
    const replacement = obsoleteClientKeys.get(key)
    if (replacement !== undefined) yield `${has}, which is obsolete: ${replacement}`
    if (!isPackageStyle(key)) yield `${has}: the specification requires names such as com.example.key`
  }
}

function * warnOfContacts ({ SUPPORT_CONTACTS = [] }: SiteSettings): Generator<string> {
  for (const [index, { matrix_id: id }] of SUPPORT_CONTACTS.entries()) {
    if (typeof id === 'string' && !isCurrentLocalpart(parseUserId(id).localpart)) {
      yield `SUPPORT_CONTACTS, entry ${index + 1}, "matrix_id", is ${quote(id)}: user IDs like this are historical ` +
        "and can't be registered any more"
    }
  }
}

function * warnOfCaching ({ CACHE_MAX_AGE }: SiteSettings): Generator<string> {
  const is = `CACHE_MAX_AGE is ${CACHE_MAX_AGE}`
  if (CACHE_MAX_AGE < 300) yield `${is}: Synapse caches a document for at least 300 seconds anyway`
  if (CACHE_MAX_AGE > 172_800) {
    yield `${is}: Synapse caches a document for at most 172800 seconds (48 hours), but others keep a wrong one longer`
  }
}

function * warnOfSizes (documents: readonly Document[]): Generator<string> {
  if (documents.length === 0) {
    yield 'nothing is served: SERVE_SERVER_WELLKNOWN is false, and no other document is configured'
  }
  for (const { name, size } of documents) {
    if (size > tuwunelMaxSize) {
      yield `${documentPath(name)} is ${size} bytes long: some servers (tuwunel) read at most ${tuwunelMaxSize}`
    }
  }
}

/** The same for the settings of the process. */
export function findServerWarnings (settings: ServerSettings): Warning[] {
  return about('LOG_REQUESTS', warnOfLevel(settings))
}

function * warnOfLevel ({ LOG_LEVEL, LOG_REQUESTS }: ServerSettings): Generator<string> {
  if (LOG_REQUESTS && !['info', 'debug', 'trace'].includes(LOG_LEVEL)) {
    yield `LOG_REQUESTS is true, but LOG_LEVEL is ${LOG_LEVEL}, which hides these lines: set it to info`
  }
}
