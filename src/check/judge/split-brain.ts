import { isDeepStrictEqual } from 'node:util'
import { quote } from '../../matrix/printable.ts'
import type { Context, Finding } from './finding.ts'
import { buildFinding } from './legacy.ts'
import type { Fetch } from '../gather/well-known.ts'

/** Whether the addresses of a host serve the same document; those that do not answer are for others to judge. */
export function judgeSplit (fetches: readonly Fetch[], { area, needed }: Context): Finding[] {
  const versions: Array<{ readonly version: unknown, readonly addresses: string[] }> = []
  for (const fetch of fetches) {
    if (fetch.hops.at(-1)?.response === undefined) continue
    const version = describeVersion(fetch)
    // The order of keys is nobody's business.
    const same = versions.find(other => isDeepStrictEqual(other.version, version))
    if (same === undefined) versions.push({ version, addresses: [fetch.address] })
    else same.addresses.push(fetch.address)
  }
  const [first] = fetches
  if (first === undefined || versions.length < 2) return []
  const documents = versions.filter(({ version }) => typeof version !== 'string')
  const describe = (version: unknown): string => typeof version === 'string' ? version : documents.length > 1 ? quote(version) : 'the document'
  const list = versions.map(({ version, addresses }) => `${addresses.join(', ')} serves ${describe(version)}`)
  return [buildFinding('document.split-brain', {
    area,
    needed,
    subject: first.path,
    what: `${list.join('; ')}.`,
    change: 'Have all these addresses (A and AAAA records) served by the same configuration: in nginx with "listen [::]:443 ssl" beside "listen 443 ssl"; or take the wrong one out of DNS.',
    evidence: { versions }
  })]
}

/** The document itself, or in words why there is none. */
function describeVersion ({ hops, reading }: Fetch): unknown {
  if (reading?.content !== undefined) return reading.content
  if (reading === undefined) return `no document (status ${hops.at(-1)?.response?.status})`
  return reading.fault === 'html' ? 'a web page' : `no JSON object (${reading.fault})`
}
