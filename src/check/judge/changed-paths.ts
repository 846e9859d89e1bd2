import type { DocumentName } from '../../site/documents.ts'
import { documentPath } from '../../site/documents.ts'
import { quote } from '../../matrix/printable.ts'
import { readJsonObject } from '../network/json-body.ts'
import type { Response } from '../network/peer.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { references } from './references.ts'

export const changedPathFindings = {
  'document.path-changed': {
    severity: 'failure',
    title: 'A proxy changes the path of a document',
    why: 'The sidecar responds, but it only knows the path that readers request.',
    specification: references.wellKnownUris,
    what: ({ sent, arrived }: Paths) => {
      const length = Math.abs(sent.length - arrived.length)
      if (sent.endsWith(arrived)) return `The proxy removes ${quote(sent.slice(0, length))} from the path.`
      if (arrived.endsWith(sent)) return `The proxy adds ${quote(arrived.slice(0, length))} in front of the path.`
      if (arrived.startsWith(sent)) return `The proxy adds ${quote(arrived.slice(sent.length))} to the end of the path.`
      return `The request for ${sent} arrived at the sidecar as ${quote(arrived)}.`
    },
    fix: ({ sent, arrived }: Paths) => sent.endsWith(arrived)
      ? 'Configure the proxy to keep the path: in nginx, remove the slash or path at the end of proxy_pass; in ' +
        'Caddy, use handle instead of handle_path; in Traefik, remove the StripPrefix middleware.'
      : 'Configure the proxy to keep the path: in nginx, "proxy_pass http://127.0.0.1:8080;" without a path; in ' +
        'Traefik, remove the AddPrefix middleware.',
    example: { sent: '/.well-known/matrix/client', arrived: '/client' }
  }
} as const satisfies FindingKinds

export interface Paths {
  readonly sent: string
  readonly arrived: string
}

const find = findingBuilder(changedPathFindings)

/** Whether the sidecar says that a request arrived with another path: its 404 names the path. */
export function judgeChangedPath (name: DocumentName, response: Response, context: Context): Finding[] {
  const error = readJsonObject(response.body).content?.['error']
  const message = typeof error === 'string' ? error : ''
  const [, arrived] = /^No such path: (\S{0,300})\. Documents are at /.exec(message) ?? []
  const sent = documentPath(name)
  if (arrived === undefined || arrived === sent) return []
  return [find('document.path-changed', { ...context, parts: { sent, arrived }, evidence: { arrived } })]
}
