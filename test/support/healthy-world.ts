import type { RequestListener } from 'node:http'
import { matrixError, preflight, wellKnown } from './responses.ts'
import type { DnsRecords } from './dns-server.ts'
import { buildHomeserver } from './homeserver.ts'
import type { HomeserverOptions } from './homeserver.ts'
import type { Scope } from './listen.ts'
import { route } from './route.ts'
import type { Routes } from './route.ts'
import { startWorld } from './world.ts'
import type { Hosts, World } from './world.ts'

/** The documents of example.com, as a healthy site serves them. */
export const healthyDocuments = {
  server: { 'm.server': 'matrix.example.com:443' },
  client: {
    'm.homeserver': { base_url: 'https://matrix.example.com' },
    'm.identity_server': { base_url: 'https://matrix.example.com' },
    'org.matrix.msc4143.rtc_foci': [{ type: 'livekit', livekit_service_url: 'https://matrix.example.com/livekit/jwt' }]
  },
  support: {
    contacts: [{ role: 'm.role.admin', matrix_id: '@admin:example.com', email_address: 'admin@example.com' }],
    support_page: 'https://example.com/help'
  },
  policy_server: { public_keys: { ed25519: '6yhHGKhCiXTSEN2ksjV7kX/N6rBQZ3Xb+M7LlC6NS+s' } }
} as const

/** What is different from the healthy world. */
export interface Changes {
  /** A name has these records instead; undefined: there is no such name. */
  readonly records?: Readonly<Record<string, DnsRecords[string] | undefined>>
  /** An address is this host instead; undefined: it refuses. */
  readonly hosts?: Readonly<Record<string, Hosts[string] | undefined>>
  /** The other responses of example.com; undefined: 404. */
  readonly site?: Routes
  /** What is in front of example.com, such as forbidDotPaths. */
  readonly guard?: (site: RequestListener) => RequestListener
  /** What is different about the homeserver. */
  readonly homeserver?: Partial<HomeserverOptions>
}

/**
 * example.com at 45.0.0.2, a site with all four documents, that delegates to matrix.example.com:443 at 45.0.0.3, a
 * homeserver; with these changes. To change what depends on another part, take this apart and start a world from it.
 */
export function describeHealthyWorld (
  { records = {}, hosts = {}, site = {}, guard = site => site, homeserver = {} }: Changes = {}
): { records: DnsRecords, hosts: Hosts } {
  const { server, client, support, policy_server: policyServer } = healthyDocuments
  return {
    records: defined({
      'example.com': { A: ['45.0.0.2'] },
      'matrix.example.com': { A: ['45.0.0.3'] },
      ...records
    }),
    hosts: defined({
      '45.0.0.2:443': {
        certificate: ['DNS:example.com'],
        handler: guard(route({
          'GET /.well-known/matrix/server': wellKnown(server),
          'GET /.well-known/matrix/client': wellKnown(client),
          'GET /.well-known/matrix/support': wellKnown(support),
          'GET /.well-known/matrix/policy_server': wellKnown(policyServer),
          'OPTIONS *': preflight(),
          '*': matrixError(404, 'M_UNRECOGNIZED', 'Unrecognized request'),
          ...site
        }))
      },
      '45.0.0.3:443': {
        certificate: ['DNS:matrix.example.com'],
        handler: buildHomeserver({ serverName: 'example.com', ...homeserver })
      },
      ...hosts
    })
  }
}

/** Starts the healthy world with these changes. */
export async function startHealthyWorld (t: Scope, changes: Changes = {}): Promise<World> {
  return await startWorld(t, describeHealthyWorld(changes))
}

function defined<Value> (values: Readonly<Record<string, Value | undefined>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Value] => entry[1] !== undefined))
}
