import { rtcFociKey } from '../matrix/client-keys.ts'
import { isJsonObject, property } from '../matrix/json-object.ts'
import type { JsonObject } from '../matrix/json-object.ts'
import type { Remark } from './draft.ts'
import { describeUnsetClient, guessServer } from './homeserver.ts'
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
    options: { ...options, ...describeExtra(values) },
    remarks,
    documents: { server: readServer(values, serverName, remarks), client, support: readSupport(values, remarks) }
  }
}

/** Synapse only ever points to itself, if it serves this document at all. */
function readServer (values: JsonObject, serverName: string | undefined, remarks: Remark[]): JsonObject | undefined {
  if (values['serve_server_wellknown'] === true && serverName !== undefined) {
    remarks.push({ kind: 'note', variable: 'M_SERVER', text: 'as Synapse itself serves it (serve_server_wellknown)' })
    return { 'm.server': /:\d+$/.test(serverName) ? serverName : `${serverName}:443` }
  }
  return guessServer('public_baseurl', textOf(values, 'public_baseurl'), remarks)
}

/** Synapse serves `/client` only if `public_baseurl` is written. */
function readClient (values: JsonObject, remarks: Remark[]): JsonObject | undefined {
  const baseUrl = textOf(values, 'public_baseurl')
  const identityServer = textOf(values, 'default_identity_server')
  const extra = valueOf(values, 'extra_well_known_client_content') ?? {}
  const transports = property(valueOf(values, 'matrix_rtc'), 'transports')
  if (baseUrl === undefined) {
    remarks.push(describeUnsetClient('public_baseurl', 'Synapse'))
    return undefined
  }
  if (!isJsonObject(extra)) {
    const text = 'extra_well_known_client_content is not a mapping'
    remarks.push({ kind: 'left-out', variable: 'EXTRA_WELL_KNOWN_CLIENT_CONTENT', text })
  }
  const own = {
    'm.homeserver': { base_url: baseUrl },
    ...identityServer !== undefined && { 'm.identity_server': { base_url: identityServer } }
  }
  for (const key of Object.keys(own).filter(name => isJsonObject(extra) && Object.hasOwn(extra, name))) {
    const text = `extra_well_known_client_content, "${key}": Synapse ignores it, because another option sets this key`
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
  const note = (variable: 'SUPPORT_CONTACTS' | 'SUPPORT_PAGE'): void => {
    remarks.push({ kind: 'note', variable, text: 'from admin_contact; /.well-known/matrix/support makes it public' })
  }
  if (!/^mailto:/i.test(contact)) {
    note('SUPPORT_PAGE')
    return { support_page: contact }
  }
  note('SUPPORT_CONTACTS')
  const address = contact.slice('mailto:'.length).replace(/\?.*$/s, '')
  return { contacts: [{ role: 'm.role.admin', email_address: address }] }
}

/** The keys that the operator has written as they are in the document. */
function describeExtra (values: JsonObject): Record<string, string> {
  const extra = valueOf(values, 'extra_well_known_client_content')
  const keys = isJsonObject(extra) ? Object.keys(extra) : []
  return Object.fromEntries(keys.filter(key => !Object.hasOwn(options, key) || key === rtcFociKey)
    .map(key => [key, `extra_well_known_client_content, "${key}"`]))
}
