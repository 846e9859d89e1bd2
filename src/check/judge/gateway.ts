import type { Exchange } from '../network/peer.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { checkHomeserver, isFromGateway } from './incomplete.ts'
import { beginningOf } from './response-evidence.ts'
import { references } from './references.ts'

export const gatewayFindings = {
  'homeserver.down': {
    severity: 'warning',
    title: 'The proxy gets no response from the homeserver',
    why: 'Nothing works until the homeserver responds.',
    specification: references.discovery,
    what: ({ status }: { status: number }) =>
      `The proxy returns status ${status} for /_matrix: it gets no response from the homeserver.`,
    fix: checkHomeserver,
    example: { status: 502 }
  }
} as const satisfies FindingKinds

const find = findingBuilder(gatewayFindings)

/** Whether a response for `/_matrix` is that of a proxy without a homeserver. */
export function judgeGateway ({ response, url }: Exchange, { area, about }: Context): Finding[] {
  if (response === undefined || !isFromGateway(response.status)) return []
  const { status } = response
  const evidence = { url, status, begins: beginningOf(response) }
  return [find('homeserver.down', { area, about, parts: { status }, evidence })]
}
