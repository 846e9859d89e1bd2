import type { DnsRecords, SrvRecord } from '../support/dns-server.ts'
import { isAddress, normalizeBaseUrl, normalizeUrl, parseAuthority } from './meaning.ts'
import type { Meaning } from './meaning.ts'
import type { DocumentName, Reading } from './reader.ts'

/** An operator's meaning and a reading, reduced to the same terms so that they can be compared. */
interface Understanding {
  readonly reader: string
  readonly document: DocumentName
  /** What the reader has to come to. */
  readonly meant: (subject: Subject) => unknown
  /** What it came to. */
  readonly read: (reading: Reading) => unknown
}

/** A server name that publishes something. */
export interface Subject {
  readonly serverName: string
  readonly meaning: Meaning
  readonly records?: DnsRecords
}

/** How a reader says that there is no such document. */
const nothing = 'nothing'

/** Of the function of matrix-js-sdk with this name. */
const findClientConfig: Pick<Understanding, 'meant' | 'read'> = {
  meant: ({ meaning: { baseUrl, identityServer, keys = {} } }) => baseUrl === undefined
    ? nothing
    : {
        homeserver: normalizeBaseUrl(baseUrl),
        identityServer: normalizeUnknown(identityServer),
        keys: withFoci(keys)
      },
  read: ({ error, value }) => {
    if (error !== undefined) return error
    const { 'm.homeserver': homeserver, 'm.identity_server': identityServer, ...keys } = value
    if (!isJsonObject(homeserver) || !isJsonObject(identityServer)) return JSON.stringify(value)
    if (homeserver.state === 'PROMPT') return nothing
    if (homeserver.state !== 'SUCCESS') return `homeserver: ${homeserver.state}: ${homeserver.error}`
    if (identityServer.state !== 'SUCCESS' && identityServer.state !== 'PROMPT') {
      return `identity server: ${identityServer.state}: ${identityServer.error}`
    }
    return {
      homeserver: normalizeUnknown(homeserver.base_url),
      identityServer: normalizeUnknown(identityServer.base_url),
      keys: withFoci(keys)
    }
  }
}

const understandings: readonly Understanding[] = [
  { reader: 'matrix-js-sdk', document: 'client', ...findClientConfig },
  { reader: 'matrix-js-sdk in Chromium', document: 'client', ...findClientConfig },
  {
    reader: 'ruma',
    document: 'client',
    meant: ({ meaning: { baseUrl, identityServer, keys = {} } }) => baseUrl === undefined
      ? nothing
      : {
          homeserver: normalizeBaseUrl(baseUrl),
          identityServer: normalizeUnknown(identityServer),
          tileServer: mapStyle(keys['m.tile_server'] ?? keys['org.matrix.msc3488.tile_server']),
          rtcFoci: rtcFoci(keys['m.rtc_foci'] ?? keys['org.matrix.msc4143.rtc_foci'])
        },
    read: reading => orNothing(reading, ({ homeserver, identityServer, rtcFoci, ...rest }) => ({
      homeserver: normalizeUnknown(homeserver),
      identityServer: normalizeUnknown(identityServer),
      rtcFoci: normalizeFoci(rtcFoci),
      ...rest
    }))
  },
  {
    reader: 'ruma',
    document: 'server',
    meant: ({ meaning: { server } }) => {
      if (server === undefined) return nothing
      const { host, port } = parseAuthority(server)
      return { delegatedServer: server, host, port: port ?? null }
    },
    read: reading => orNothing(reading, value => value)
  },
  {
    reader: 'ruma',
    document: 'support',
    meant: ({ meaning: { contacts = [], supportPage = null } }) => contacts.length === 0 && supportPage === null
      ? nothing
      : { contacts: contacts.map(readableContact), supportPage: normalizeScheme(supportPage) },
    read: reading => orNothing(reading, value => ({ ...value, supportPage: normalizeScheme(value.supportPage) }))
  },
  {
    reader: 'ruma',
    document: 'policy_server',
    meant: ({ meaning: { policyKey } }) => policyKey === undefined ? nothing : { publicKeys: { ed25519: policyKey } },
    read: reading => orNothing(reading, value => value)
  },
  {
    reader: 'Synapse',
    document: 'server',
    meant: subject => ({
      delegatedServer: hasDocument(subject) ? subject.meaning.server ?? null : null,
      reached: destination(subject)
    }),
    read: ({ error, value }) => error ?? {
      delegatedServer: value.delegatedServer,
      reached: arrival(value.reached) ?? value.error
    }
  }
]

/** What a reader has to read, and what it did read, in the same terms. */
export function compare (
  reader: string, document: DocumentName, subject: Subject, reading: Reading
): { readonly meant: unknown, readonly read: unknown } {
  const understanding = understandings.find(each => each.reader === reader && each.document === document)
  if (understanding === undefined) throw new Error(`unknown how ${reader} reads /${document}`)
  return { meant: understanding.meant(subject), read: understanding.read(reading) }
}

/** ruma reports a 404 as an error like any other. */
function orNothing ({ error, value }: Reading, read: (value: Readonly<Record<string, unknown>>) => unknown): unknown {
  if (error !== undefined) return error.includes('M_NOT_FOUND') ? nothing : error
  return read(value)
}

function normalizeUnknown (url: unknown): unknown {
  if (typeof url !== 'string') return url ?? null
  return url.includes('://') ? normalizeBaseUrl(url) : url
}

/** The URLs of the services for calls are bases, too. */
function withFoci (keys: Readonly<Record<string, unknown>>): unknown {
  const foci = ['org.matrix.msc4143.rtc_foci', 'm.rtc_foci'].filter(name => Object.hasOwn(keys, name))
  return { ...keys, ...Object.fromEntries(foci.map(name => [name, normalizeFoci(keys[name])])) }
}

function normalizeFoci (foci: unknown): unknown {
  if (!Array.isArray(foci)) return foci
  return foci.map((focus: unknown) => isJsonObject(focus) && 'livekit_service_url' in focus
    ? { ...focus, livekit_service_url: normalizeUnknown(focus.livekit_service_url) }
    : focus)
}

function normalizeScheme (url: unknown): unknown {
  return typeof url === 'string' ? normalizeUrl(url) : url
}

function mapStyle (tileServer: unknown): unknown {
  return isJsonObject(tileServer) ? tileServer.map_style_url : null
}

/** Of a focus of a type that it knows, ruma keeps only what it knows. */
function rtcFoci (foci: unknown): unknown {
  if (!Array.isArray(foci)) return []
  return foci.map((focus: unknown) => isJsonObject(focus) && focus.type === 'livekit'
    ? { type: 'livekit', livekit_service_url: normalizeUnknown(focus.livekit_service_url) }
    : focus)
}

/** ruma keeps the fields that it knows, and writes this role by its name in MSC4121. */
function readableContact (contact: Readonly<Record<string, unknown>>): unknown {
  const known = ['role', 'matrix_id', 'email_address', 'dev.zirco.msc4439.pgp_key']
  const { role, ...fields } = Object.fromEntries(Object.entries(contact).filter(([name]) => known.includes(name)))
  return { role: role === 'm.role.moderator' ? 'support.feline.msc4121.role.moderator' : role, ...fields }
}

/** A server name with a port and an address have no document for other servers. */
function hasDocument ({ serverName }: Subject): boolean {
  const { host, port } = parseAuthority(serverName)
  return port === undefined && !isAddress(host)
}

/**
 * Where requests to a server name have to arrive.
 *
 * @see https://spec.matrix.org/latest/server-server-api/#resolving-server-names
 */
function destination (subject: Subject): unknown {
  const { serverName, meaning: { server = serverName }, records = {} } = subject
  const name = hasDocument(subject) ? server : serverName
  const { host, port } = parseAuthority(name)
  if (isAddress(host)) return { host: name, port: port ?? 8448, servername: null }
  const found = port === undefined ? srvPort(records, host) : port
  return { host: name, port: found ?? 8448, servername: host.toLowerCase() }
}

/** Names in TLS have no case. */
function arrival (reached: unknown): unknown {
  if (!isJsonObject(reached) || typeof reached.servername !== 'string') return reached
  return { ...reached, servername: reached.servername.toLowerCase() }
}

function srvPort (records: DnsRecords, host: string): number | undefined {
  const services = ['_matrix-fed', '_matrix'].map(service => records[`${service}._tcp.${host}`]?.SRV)
  return services.find((found): found is readonly SrvRecord[] => Array.isArray(found))?.[0]?.port
}

function isJsonObject (value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
