import { hasDecodedPaths } from '../gather/federation.ts'
import type { FederationAddress } from '../gather/federation.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { references } from './references.ts'

export const decodedPathFindings = {
  'federation.decoded-path': {
    severity: 'notice',
    title: 'A proxy decodes the paths of federation requests',
    why: 'Other servers sign the path as they send it. Every join fails with "Invalid signature".',
    specification: references.requestAuthentication,
    what: ({ plain, encoded }: { plain: number, encoded: number }) =>
      `A request for an event with %2F in its ID returns status ${encoded}, one without it ${plain}: ` +
      'a proxy changes the path.',
    fix: 'Configure the proxy to pass the path on unchanged: in nginx, "proxy_pass http://127.0.0.1:8008;" without a ' +
      'path or slash at its end; in Apache, "AllowEncodedSlashes NoDecode" and "nocanon".',
    example: { plain: 401, encoded: 404 }
  }
} as const satisfies FindingKinds

const find = findingBuilder(decodedPathFindings)

/** Whether a proxy passes percent-encoded paths on unchanged. */
export function judgeDecodedPaths (address: FederationAddress, context: Context): Finding[] {
  const plain = address.plainEvent.response?.status
  const encoded = address.encodedEvent.response?.status
  if (plain === undefined || encoded === undefined || !hasDecodedPaths(address)) return []
  return [find('federation.decoded-path', { ...context, parts: { plain, encoded }, evidence: { plain, encoded } })]
}
