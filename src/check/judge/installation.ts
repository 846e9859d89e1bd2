import { findInvalidValue } from '../../matrix/invalid-value.ts'
import { quote } from '../../matrix/printable.ts'
import { parseServerName } from '../../matrix/server-name.ts'
import type { Site } from '../../site/site.ts'
import { readHomeserverName } from '../gather/candidates.ts'
import type { Candidate } from '../gather/candidates.ts'
import type { Facts, FederationFacts } from '../gather/gather.ts'
import type { ReaderOutcomes } from '../readers/readers.ts'
import { findingBuilder } from './finding.ts'
import type { Finding, FindingKinds } from './finding.ts'
import { isMute, isSilent } from './host.ts'
import { judgeServerName } from './keys.ts'
import { findDeadEnd } from './redirects.ts'
import { references } from './references.ts'

export const installationFindings = {
  'discovery.not-delegated': {
    severity: 'failure',
    title: 'The homeserver exists, but nothing leads to it',
    why: 'Without /.well-known/matrix/server or an SRV record, other servers only try port 8448 of the server name.',
    specification: references.discovery,
    what: ({ serverName, apex, host, port, isSilent, deadEnd }: NotDelegatedParts) => {
      const found = `A homeserver for ${serverName} responds at ${host}:${port}, but nothing leads other servers there`
      if (isSilent) return `${found}: there is no response from https://${apex}.`
      return deadEnd === undefined
        ? `${found}.`
        : `${found}: the document is redirected to ${deadEnd}, which returns status 404.`
    },
    fix: ({ apex, host, port, isConfigured, isSilent, deadEnd }: NotDelegatedParts) => {
      const route = isSilent
        ? `onfigure a web server or proxy to listen on port 443 of ${apex} and pass /.well-known/matrix/ on to the ` +
          'sidecar.'
        : `oute /.well-known/matrix/ on ${apex} to the sidecar${deadEnd === undefined ? '' : ', without a redirect'}.`
      if (isConfigured) return `${isSilent ? 'C' : 'R'}${route}`
      const url = `https://${host}${port === 443 ? '' : `:${port}`}`
      return `Set M_SERVER=${host}:${port} and M_HOMESERVER_BASE_URL=${url}, and ${isSilent ? 'c' : 'r'}${route}`
    },
    example: {
      serverName: 'example.com',
      apex: 'example.com',
      host: 'matrix.example.com',
      port: 443,
      isConfigured: false,
      isSilent: false,
      deadEnd: undefined
    }
  },
  'discovery.is-a-host': {
    severity: 'failure',
    title: 'The name is that of a host, not a server name',
    why: 'The server name is the part after the colon in user IDs. It often differs from the name of the host.',
    specification: references.discovery,
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
  /** Whether the host of the server name doesn't respond at all. */
  readonly isSilent: boolean
  /** Where redirects of the document lead to a 404. */
  readonly deadEnd: string | undefined
}

const find = findingBuilder(installationFindings)

/** What is left to install if other servers find nothing, although the homeserver exists. */
export function judgeInstallation (
  { serverName, host: apex, inspections, federation }:
  Pick<Facts, 'serverName' | 'host' | 'inspections' | 'federation'>,
  outcomes: ReaderOutcomes,
  intent: Site | undefined
): Finding[] {
  if (federation === undefined || outcomes.get('specification')?.outcome !== 'fails') return []
  const about = { serverName }
  const { candidates } = federation
  const own = candidates.find(candidate => candidate.serverName === serverName)
  if (own !== undefined) {
    const { host, port } = own
    const isConfigured = intent?.delegatedServer === `${host}:${port}`
    const fetches = inspections.get('server')?.map(({ fetch }) => fetch) ?? []
    const isEverySilent = fetches.length > 0 && fetches.every(isSilent)
    // Something listens there that may serve the document once it responds.
    if (isEverySilent && fetches.some(isMute)) return []
    const deadEnd = fetches.map(findDeadEnd).find(url => url !== undefined)
    return [find('discovery.not-delegated', {
      area: 'federation',
      about,
      parts: { serverName, apex, host, port, isConfigured, isSilent: isEverySilent, deadEnd },
      evidence: { host, port }
    })]
  }
  const isOther = ({ serverName: name }: Candidate): boolean =>
    name !== serverName && findInvalidValue(parseServerName, name) === undefined
  const others = candidates.filter(isOther)
  const itself = [...others, ...namedByEndpoint(federation).filter(isOther)].find(({ host }) => host === apex)
  if (itself !== undefined) {
    return [find('discovery.is-a-host', {
      area: 'federation', about, parts: itself, evidence: { server_name: itself.serverName }
    })]
  }
  return others.slice(0, 1).map(({ host, port, serverName: name }) =>
    judgeServerName(name, serverName, { area: 'federation', about: { host, port } }))
}

/** The homeservers where other servers look for the one of this server name. */
function namedByEndpoint ({ addresses }: FederationFacts): Candidate[] {
  return addresses.flatMap(({ target: { host, port }, keys }) => {
    const serverName = readHomeserverName(keys)
    return serverName === undefined ? [] : [{ host, port, serverName }]
  })
}
