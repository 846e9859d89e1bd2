import { rtcFociKey } from '../matrix/client-keys.ts'
import { isJsonObject, property } from '../matrix/json-object.ts'
import type { JsonObject } from '../matrix/json-object.ts'
import type { Remark } from './draft.ts'
import { describeUnsetClient, describeUnused, guessServer } from './homeserver.ts'
import type { HomeserverOptions } from './homeserver.ts'
import { textOf, valueOf } from './option.ts'

const options = {
  'm.server': 'global.well_known, server',
  'm.homeserver': 'global.well_known, client',
  [rtcFociKey]: 'the list of RTC transports',
  contacts: 'the support contacts',
  support_page: 'global.well_known, support_page',
  public_keys: 'global.well_known, policy_server_public_key'
}

/** Reads the options of tuwunel, continuwuity and others of their family. Older ones have no table for them. */
export function readTuwunel (values: JsonObject): HomeserverOptions {
  const global = valueOf(values, 'global')
  const wellKnown = valueOf(global, 'well_known')
  const baseUrl = textOf(wellKnown, 'client') ?? textOf(global, 'well_known_client')
  const server = textOf(wellKnown, 'server') ?? textOf(global, 'well_known_server')
  const key = textOf(wellKnown, 'policy_server_public_key')
  const foci = readFoci(wellKnown, valueOf(global, 'matrix_rtc'))
  const remarks: Remark[] = baseUrl === undefined
    ? [
        describeUnsetClient('client', 'the homeserver'),
        ...describeUnused('client', [['LIVEKIT_SERVICE_URL', options[rtcFociKey], foci]])
      ]
    : []
  return {
    serverName: textOf(global, 'server_name'),
    options,
    remarks,
    documents: {
      server: server === undefined ? guessServer('client', baseUrl, remarks) : { 'm.server': server },
      client: baseUrl === undefined
        ? undefined
        : { 'm.homeserver': { base_url: baseUrl }, ...foci.length > 0 && { [rtcFociKey]: foci } },
      support: readSupport(wellKnown),
      policy_server: key === undefined ? undefined : { public_keys: { ed25519: key } }
    }
  }
}

/** A list of transports, which has had several names, and a single URL, which comes last. */
function readFoci (wellKnown: unknown, matrixRtc: unknown): unknown[] {
  const url = textOf(wellKnown, 'livekit_url')
  const lists = [valueOf(wellKnown, 'rtc_transports'), valueOf(matrixRtc, 'foci')]
  const written = lists.flatMap(list => Array.isArray(list) ? list as unknown[] : [])
  const isNew = url !== undefined && !written.some(transport => property(transport, 'livekit_service_url') === url)
  return isNew ? [...written, { type: 'livekit', livekit_service_url: url }] : written
}

function readSupport (wellKnown: unknown): JsonObject | undefined {
  const page = textOf(wellKnown, 'support_page')
  const contact = valueOf(wellKnown, 'support_contact')
  const contacts = [
    toContact(wellKnown, 'support_role', 'support_mxid', 'support_email', 'support_pgp_key'),
    ...Object.values(isJsonObject(contact) ? contact : {})
      .map(values => toContact(values, 'role', 'matrix_id', 'email_address', 'pgp_key'))
  ].filter(contact => contact !== undefined)
  if (page === undefined && contacts.length === 0) return undefined
  return { ...contacts.length > 0 && { contacts }, ...page !== undefined && { support_page: page } }
}

function toContact (
  values: unknown, role: string, matrixId: string, email: string, pgpKey: string
): JsonObject | undefined {
  const entries = [
    ['matrix_id', textOf(values, matrixId)],
    ['email_address', textOf(values, email)],
    ['dev.zirco.msc4439.pgp_key', textOf(values, pgpKey)]
  ].filter(([, value]) => value !== undefined)
  if (entries.length === 0) return undefined
  return { role: textOf(values, role) ?? 'm.role.admin', ...Object.fromEntries(entries) as JsonObject }
}
