import { quote } from '../../matrix/printable.ts'
import { isSecure } from '../gather/client.ts'
import type { ClientAddress } from '../gather/client.ts'
import { readJsonResponse } from '../network/json-body.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { references } from './references.ts'

export const baseUrlOwnerFindings = {
  'client.other-server': {
    severity: 'failure',
    title: 'The base_url leads to the homeserver of another server name',
    why: 'Users log in at another homeserver, where they have no account.',
    specification: references.wellKnownClient,
    what: ({ url, name, serverName }: { url: string, name: string, serverName: string }) =>
      `The homeserver at ${url} identifies itself as ${quote(name)}, not ${quote(serverName)}.`,
    fix: 'Set M_HOMESERVER_BASE_URL to the URL of your own homeserver.',
    example: { url: 'https://matrix.example.org', name: 'example.org', serverName: 'example.com' }
  }
} as const satisfies FindingKinds

const find = findingBuilder(baseUrlOwnerFindings)

/** Whether the homeserver at the base URL is that of the server name. A proxy may not serve its keys there. */
export function judgeOwner ({ keys }: ClientAddress, url: string, serverName: string, context: Context): Finding[] {
  const { response } = keys
  if (response?.status !== 200 || !isSecure(keys)) return []
  const name = readJsonResponse(response).content?.['server_name']
  if (typeof name !== 'string' || name === serverName) return []
  const evidence = { server_name: name }
  return [find('client.other-server', { ...context, parts: { url, name, serverName }, evidence })]
}
