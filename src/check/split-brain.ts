import { quote } from '../matrix/invalid-value.ts'
import { buildFinding } from './findings.ts'
import type { Area, Finding } from './findings.ts'
import type { Fetch } from './well-known.ts'

/** Whether the addresses of a host serve the same document; those that do not answer are for others to judge. */
export function judgeSplit (fetches: readonly Fetch[], area: Area): Finding[] {
  const addresses = new Map<string, string[]>()
  for (const fetch of fetches) {
    if (fetch.hops.at(-1)?.response === undefined) continue
    const version = describeVersion(fetch)
    addresses.set(version, [...addresses.get(version) ?? [], fetch.address])
  }
  const [first] = fetches
  if (first === undefined || addresses.size < 2) return []
  const versions = [...addresses].map(([version, at]) => `${at.join(', ')} serves ${version.startsWith('{') ? quote(JSON.parse(version)) : version}`)
  return [buildFinding('document.split-brain', {
    area,
    subject: first.path,
    what: `${versions.join('; ')}.`,
    change: 'Have all addresses served by the same configuration; often IPv6 ends at another virtual host.',
    evidence: { versions: Object.fromEntries(addresses) }
  })]
}

/** The document itself, or why there is none. */
function describeVersion ({ hops, reading }: Fetch): string {
  if (reading?.content !== undefined) return JSON.stringify(reading.content)
  return reading?.fault === undefined ? `status ${hops.at(-1)?.response?.status}` : `no JSON object (${reading.fault})`
}
