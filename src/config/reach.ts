import { isPrivateAddress } from '../matrix/private-address.ts'
import { quote } from '../matrix/printable.ts'
import { withoutBrackets } from '../matrix/server-name.ts'
import type { ServerName } from '../matrix/server-name.ts'

/** Why a host can't be reached from outside; undefined if it probably can. */
export function explainReach ({ kind, host }: ServerName): string | undefined {
  if (kind !== 'dns') {
    if (!isPrivateAddress(withoutBrackets(host))) return undefined
    return `${host} isn't a public address: it can't be reached from outside`
  }
  const name = host.toLowerCase()
  if (name === 'localhost') return `${quote(host)} is each reader's own machine`
  if (!name.includes('.')) return `${quote(host)} has no dot, so it resolves only on your network`
  const [domain] = /\.(localhost|local|internal|intranet|lan|home|corp|private|home\.arpa)$/.exec(name) ?? []
  return domain === undefined ? undefined : `names in ${quote(domain)} resolve only on your network`
}
