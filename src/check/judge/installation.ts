import { quote } from '../../matrix/printable.ts'
import type { Site } from '../../site/site.ts'
import type { Candidate } from '../gather/candidates.ts'
import type { Facts } from '../gather/gather.ts'
import type { ReaderOutcomes } from '../readers/readers.ts'
import { findingBuilder } from './finding.ts'
import type { Finding, FindingKinds } from './finding.ts'
import { specification } from './specification.ts'

export const installationFindings = {
  'discovery.not-delegated': {
    severity: 'failure',
    title: 'A homeserver for this server name exists, but servers are not led to it',
    why: 'Without /.well-known/matrix/server or an SRV record, other servers only try port 8448 of the server name.',
    specification: specification.discovery,
    what: ({ serverName, host, port }: NotDelegatedParts) =>
      `A homeserver for ${serverName} responds at ${host}:${port}, but nothing leads other servers there.`,
    fix: ({ apex, host, port, isConfigured }: NotDelegatedParts) => {
      const route = `${isConfigured ? 'Route' : 'route'} /.well-known/matrix/ on ${apex} to the sidecar.`
      const url = `https://${host}${port === 443 ? '' : `:${port}`}`
      return isConfigured ? route : `Set M_SERVER=${host}:${port} and M_HOMESERVER_BASE_URL=${url}, and ${route}`
    },
    example: {
      serverName: 'example.com',
      apex: 'example.com',
      host: 'matrix.example.com',
      port: 443,
      isConfigured: false
    }
  },
  'discovery.is-a-host': {
    severity: 'failure',
    title: 'The name is that of a host, not a server name',
    why: 'The server name is the part after the colon in user IDs. It often differs from the name of the host.',
    specification: specification.discovery,
    what: ({ host, serverName }: Pick<Candidate, 'host' | 'serverName'>) =>
      `${host} is the host of a homeserver; its server name is ${quote(serverName)}.`,
    fix: ({ serverName }: Pick<Candidate, 'host' | 'serverName'>) => `Check ${serverName} instead.`,
    example: { host: 'matrix.example.com', serverName: 'example.com' }
  }
} as const satisfies FindingKinds

export interface NotDelegatedParts {
  readonly serverName: string
  /** The host of the server name. */
  readonly apex: string
  /** Where the homeserver responds. */
  readonly host: string
  readonly port: number
  /** Whether the settings already lead there. */
  readonly isConfigured: boolean
}

const find = findingBuilder(installationFindings)

/** What is left to install if other servers find nothing, although the homeserver exists. */
export function judgeInstallation (
  { serverName, host: apex, federation }: Pick<Facts, 'serverName' | 'host' | 'federation'>,
  outcomes: ReaderOutcomes,
  intent: Site | undefined
): Finding[] {
  if (federation === undefined || outcomes.get('specification')?.outcome !== 'fails') return []
  const about = { serverName }
  const own = federation.candidates.find(candidate => candidate.serverName === serverName)
  if (own !== undefined) {
    const { host, port } = own
    const isConfigured = intent?.delegatedServer === `${host}:${port}`
    return [find('discovery.not-delegated', {
      area: 'federation',
      about,
      parts: { serverName, apex, host, port, isConfigured },
      evidence: { host, port }
    })]
  }
  const other = federation.candidates.find(({ host }) => host === apex)
  if (other === undefined) return []
  return [find('discovery.is-a-host', {
    area: 'federation', about, parts: other, evidence: { server_name: other.serverName }
  })]
}
