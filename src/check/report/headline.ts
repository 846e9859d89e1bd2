import { readers } from '../readers/readers.ts'
import type { ReaderVerdict, Verdict } from './verdict.ts'

/** The verdict in a few sentences: what works, for whom it doesn't and why, and how many findings there are. */
export function renderHeadline (verdict: Verdict): string {
  return [...describeFederation(verdict), ...describeClients(verdict), describeCounts(verdict)].join(' ')
}

function verdictsOf (verdict: Verdict, kind: 'server' | 'client'): ReaderVerdict[] {
  return Object.entries(readers).flatMap(([id, reader]) => {
    const found = verdict.readers[id as keyof typeof readers]
    return reader.kind === kind && found !== undefined ? [found] : []
  })
}

function describeFederation (verdict: Verdict): string[] {
  const all = verdictsOf(verdict, 'server').filter(({ name }) => name !== readers.specification.name)
  switch (verdict.federation) {
    case 'unchecked': return []
    case 'works': return ['Federation works.']
    case 'fails': return ["Federation doesn't work."]
    case 'unknown': return [describeUnknown('Federation', all)]
    case 'partly': {
      const good = all.filter(({ outcome }) => outcome === 'works').map(({ name }) => name)
      const exceptions = all.filter(({ outcome }) => outcome !== 'works')
      return [
        good.length === 0 ? "Federation doesn't work." : `Federation works with ${listNames(good)}.`,
        ...groupByReason(exceptions).map(([names, { outcome, reason }]) => {
          const verb = outcome === 'unknown' ? "sometimes can't" : "can't"
          return `${listNames(names)} ${verb} reach the homeserver${because(reason)}.`
        })
      ]
    }
  }
}

function describeClients (verdict: Verdict): string[] {
  if (verdict.clients === 'unchecked') return []
  const all = verdictsOf(verdict, 'client')
  const [web, other, ...rest] = all
  if (web === undefined || other === undefined) return []
  const isShared = web.outcome === other.outcome
  const first = isShared ? [describeShared(verdict.clients, all)] : describeBoth(web, other)
  const usual = verdict.clients === 'works' ? 'works' : web.outcome
  const exceptions = rest.filter(({ outcome }) => isShared && usual === 'works' && outcome !== 'works')
  const others = groupByReason(exceptions)
  return [...first, ...others.map(([names, { reason }]) => `${listNames(names)} can't${because(reason)}.`)]
}

function describeShared (clients: Verdict['clients'], all: readonly ReaderVerdict[]): string {
  switch (clients) {
    case 'works': return 'Clients can log in.'
    case 'asks': return "Clients ask for the homeserver's address before users can log in."
    case 'fails': return "Clients can't log in."
    default: return describeUnknown('Login', all)
  }
}

/** Two that differ: what only one of them can do needs no verb in the second sentence. */
function describeBoth (first: ReaderVerdict, second: ReaderVerdict): string[] {
  const outcomes = [first.outcome, second.outcome]
  const isShort = outcomes.includes('works') && outcomes.includes('fails')
  const short = second.outcome === 'works' ? `${second.name} can.` : `${second.name} can't${because(second.reason)}.`
  return [describeClient(first), isShort ? short : describeClient(second)]
}

function describeClient ({ name, outcome, finding, reason }: ReaderVerdict): string {
  switch (outcome) {
    case 'works': return `${name} can log in.`
    case 'asks': return `${name} asks for the homeserver's address.`
    case 'fails': return `${name} can't log in${because(reason)}.`
    case 'unknown': return isUnseen(finding)
      ? `Whether ${name} can log in could not be checked from here.`
      : `${name} can log in sometimes${because(reason)}.`
  }
}

/** If a finding explains it, it depends on something; otherwise this machine can't tell. */
function describeUnknown (subject: string, all: readonly ReaderVerdict[]): string {
  const [first] = all
  return first === undefined || isUnseen(first.finding)
    ? `${subject} could not be checked from here.`
    : `${subject} works sometimes${because(first.reason)}.`
}

/** Whether an unknown outcome only means that this machine can't see the server. */
export function isUnseen (finding: ReaderVerdict['finding']): boolean {
  return finding === null || unseenFindings.includes(finding)
}

/** If an outcome is unknown because of one of these, DNS doesn't respond to this machine, or it has no route. */
const unseenFindings: readonly string[] = [
  'discovery.dns', 'discovery.no-address', 'address.unroutable', 'federation.unreachable', 'client.unreachable'
]

function because (reason: string | null): string {
  return reason === null ? '' : `: ${reason}`
}

function groupByReason (all: readonly ReaderVerdict[]): Array<[names: string[], verdict: ReaderVerdict]> {
  const groups = new Map<string, [names: string[], verdict: ReaderVerdict]>()
  for (const verdict of all) {
    const key = `${verdict.outcome} ${verdict.reason}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [[verdict.name], verdict])
    else group[0].push(verdict.name)
  }
  return [...groups.values()]
}

function listNames (names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function describeCounts ({ failures, warnings, notices }: Verdict): string {
  const counts = [countOf(failures, 'failure'), countOf(warnings, 'warning'), countOf(notices, 'notice')]
    .filter(part => part !== '')
  return counts.length === 0 ? 'No problems found.' : `${counts.join(', ')}.`
}

function countOf (number: number, noun: string): string {
  return number === 0 ? '' : `${number} ${noun}${number === 1 ? '' : 's'}`
}
