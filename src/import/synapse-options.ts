import { rtcFociKey } from '../matrix/client-keys.ts'
import { parseEmailAddress } from '../matrix/contact.ts'
import { findInvalidValue } from '../matrix/invalid-value.ts'
import { isJsonObject, property } from '../matrix/json-object.ts'
import type { JsonObject } from '../matrix/json-object.ts'
import { quote } from '../matrix/printable.ts'
import type { Remark } from './draft.ts'
import { describeUnsetClient, describeUnused, findProbableServer, guessServer } from './homeserver.ts'
import type { HomeserverOptions } from './homeserver.ts'
import { textOf, valueOf } from './option.ts'

const options = {
  'm.server': 'public_baseurl',
  'm.homeserver': 'public_baseurl',
  'm.identity_server': 'default_identity_server',
  [rtcFociKey]: 'matrix_rtc, "transports"',
  contacts: 'admin_contact',
  support_page: 'admin_contact'
}

/**
 * Reads the options of Synapse.
 *
 * @see https://element-hq.github.io/synapse/latest/usage/configuration/config_documentation.html
 */
export function readSynapse (values: JsonObject): HomeserverOptions {
  const serverName = textOf(values, 'server_name')
  const remarks: Remark[] = []
  const client = readClient(values, remarks)
  return {
    serverName,
    serverNameElsewhere: 'the file that has it (on Debian, conf.d/server_name.yaml)',
    options: { ...options, ...describeExtra(values) },
    remarks,
    documents: { server: readServer(values, serverName, remarks), client, support: readSupport(values, remarks) }
  }
}

/** Synapse only ever points to itself, if it serves this document at all. */
function readServer (values: JsonObject, serverName: string | undefined, remarks: Remark[]): JsonObject | undefined {
  // Synapse doesn't require a boolean.
  if (Boolean(values['serve_server_wellknown']) && serverName !== undefined) {
    const text = `as Synapse itself serves it (serve_server_wellknown)${describeOtherHost(values, serverName)}`
    remarks.push({ kind: 'note', variable: 'M_SERVER', text })
    return { 'm.server': /:\d+$/.test(serverName) ? serverName : `${serverName}:443` }
  }
  return guessServer('public_baseurl', textOf(values, 'public_baseurl'), remarks)
}

/** Behind a domain with a web site, Synapse is on another host, and what it says about itself is wrong. */
function describeOtherHost (values: JsonObject, serverName: string): string {
  const probable = findProbableServer(textOf(values, 'public_baseurl'))
  if (probable === undefined || probable.host.toLowerCase() === serverName.toLowerCase().replace(/:\d+$/, '')) return ''
  return `. Clients use the host ${probable.host}: if other servers should, too, use ${probable.server}`
}

/** Synapse serves `/client` only if `public_baseurl` is written. */
function readClient (values: JsonObject, remarks: Remark[]): JsonObject | undefined {
  const baseUrl = textOf(values, 'public_baseurl')
  const identityServer = textOf(values, 'default_identity_server')
  const extra = valueOf(values, 'extra_well_known_client_content') ?? {}
  const transports = property(valueOf(values, 'matrix_rtc'), 'transports')
  if (baseUrl === undefined) {
    remarks.push(describeUnsetClient('public_baseurl', 'Synapse'), ...describeUnused('public_baseurl', [
      ['M_IDENTITY_SERVER_BASE_URL', 'default_identity_server', identityServer],
      ['LIVEKIT_SERVICE_URL', 'matrix_rtc', transports],
      ['EXTRA_WELL_KNOWN_CLIENT_CONTENT', 'extra_well_known_client_content', extra]
    ]))
    return undefined
  }
  if (!isJsonObject(extra)) {
    const text = "extra_well_known_client_content isn't a mapping"
    remarks.push({ kind: 'left-out', variable: 'EXTRA_WELL_KNOWN_CLIENT_CONTENT', text })
  }
  const own = {
    'm.homeserver': { base_url: baseUrl },
    ...identityServer !== undefined && { 'm.identity_server': { base_url: identityServer } }
  }
  for (const key of Object.keys(own).filter(name => isJsonObject(extra) && Object.hasOwn(extra, name))) {
    const option = property(options, key)
    const text = `extra_well_known_client_content, "${key}": Synapse refuses to start with it; ${option} sets this key`
    remarks.push({ kind: 'left-out', variable: 'EXTRA_WELL_KNOWN_CLIENT_CONTENT', text })
  }
  return {
    ...Array.isArray(transports) && transports.length > 0 && { [rtcFociKey]: transports },
    ...isJsonObject(extra) && extra,
    ...own
  }
}

/** Synapse shows `admin_contact` to users who can't log in any more. */
function readSupport (values: JsonObject, remarks: Remark[]): JsonObject | undefined {
  const contact = textOf(values, 'admin_contact')
  if (contact === undefined) return undefined
  const text = 'it is admin_contact, and /.well-known/matrix/support makes it public.'
  const addresses = readAddresses(contact)
  if (addresses === undefined) {
    remarks.push({ kind: 'guess', variable: 'SUPPORT_PAGE', text })
    return { support_page: contact }
  }
  const variable = 'SUPPORT_CONTACTS'
  const contacts = addresses.flatMap(address => {
    const invalid = findInvalidValue(parseEmailAddress, address)
    if (invalid === undefined) return [{ role: 'm.role.admin', email_address: address }]
    remarks.push({ kind: 'left-out', variable, text: `admin_contact has ${quote(address)}: ${invalid.explanation}` })
    return []
  })
  if (contacts.length === 0) return undefined
  remarks.push({ kind: 'guess', variable, text })
  return { contacts }
}

/**
 * The addresses of a `mailto:` URI, or one without its scheme; undefined if it is something else.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6068
 */
function readAddresses (contact: string): string[] | undefined {
  const [list = ''] = contact.replace(/^mailto:/i, '').split('?', 1)
  if (/^mailto:/i.test(contact)) return list.split(',').map(decode)
  return contact.includes(':') || findInvalidValue(parseEmailAddress, contact) !== undefined ? undefined : [contact]
}

function decode (text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The keys that the operator has written as they are in the document. */
function describeExtra (values: JsonObject): Record<string, string> {
  const extra = valueOf(values, 'extra_well_known_client_content')
  const keys = isJsonObject(extra) ? Object.keys(extra) : []
  return Object.fromEntries(keys.filter(key => !Object.hasOwn(options, key) || key === rtcFociKey)
    .map(key => [key, `extra_well_known_client_content, "${key}"`]))
}
