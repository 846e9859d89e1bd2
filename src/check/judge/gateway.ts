import type { Exchange, Response } from '../network/peer.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { isChallenge } from './access.ts'
import { explainGateway, isFromGateway } from './gateway-status.ts'
import { checkHomeserver, readBadResponse } from './incomplete.ts'
import { beginningOf } from './response-evidence.ts'
import { references } from './references.ts'

export const gatewayFindings = {
  'homeserver.down': {
    severity: 'warning',
    title: 'The proxy gets no response from the homeserver',
    why: 'Nothing works until the homeserver responds.',
    specification: references.discovery,
    what: ({ status }: { status: number }) => `The proxy returns status ${status} for /_matrix: ` +
      `${explainGateway(status)?.what ?? 'it gets no response from the homeserver'}.`,
    fix: ({ status }: { status: number }) => explainGateway(status)?.fix ?? checkHomeserver,
    example: { status: 502 }
  },
  'homeserver.blocked': {
    severity: 'warning',
    title: 'A rule or a bot challenge keeps requests from the homeserver',
    why: "Servers and clients are programs: they can't pass it.",
    specification: references.discovery,
    what: ({ status, isChallenge }: { status: number, isChallenge: boolean }) => isChallenge
      ? 'The response for /_matrix is a page that checks whether its reader is a person.'
      : `The proxy returns status ${status} for /_matrix.`,
    fix: ({ isChallenge }: { isChallenge: boolean }) => isChallenge
      ? 'Exclude /_matrix from bot protection.'
      : 'Exclude /_matrix from the rule that forbids it.',
    example: { status: 403, isChallenge: false }
  }
} as const satisfies FindingKinds

const find = findingBuilder(gatewayFindings)

/** Whether a response for `/_matrix` is that of a proxy, which gets none from the homeserver or doesn't ask it. */
export function judgeGateway (
  exchange: Exchange & { readonly response: Response },
  { area, about }: Context
): Finding[] {
  const { response, url } = exchange
  const { status } = response
  const evidence = { url, status, begins: beginningOf(response) }
  const isPage = isChallenge(response)
  if (isPage || isForbidden(exchange)) {
    return [find('homeserver.blocked', { area, about, parts: { status, isChallenge: isPage }, evidence })]
  }
  return isFromGateway(status) ? [find('homeserver.down', { area, about, parts: { status }, evidence })] : []
}

/** Whether something other than a homeserver, which would say why, forbids a request. */
function isForbidden (exchange: Exchange & { readonly response: Response }): boolean {
  const { status } = exchange.response
  return (status === 401 || status === 403) && readBadResponse(exchange).errcode === undefined
}
