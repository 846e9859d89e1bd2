import { countNouns } from '../../matrix/format-count.ts'
import type { Outcome } from '../readers/outcome.ts'
import { readers } from '../readers/readers.ts'
import { countGroups, groupFindings } from './finding-groups.ts'
import { groupBy } from './group-by.ts'
import type { Report } from './report.ts'
import type { ReaderVerdict, Verdict } from './verdict.ts'

/** The verdict of a report in a few sentences, as every format begins. */
export function summarizeReport ({ verdict, findings }: Pick<Report, 'verdict' | 'findings'>): string {
  return renderHeadline({ ...verdict, ...countGroups(groupFindings(findings)) })
}

/** The verdict in a few sentences: what works, for whom it doesn't and why, and how many findings there are. */
export function renderHeadline (verdict: Verdict): string {
  const servers = verdictsOf(verdict, 'server').filter(({ name }) => name !== readers.specification.name)
  const clients = verdictsOf(verdict, 'client')
  const [server] = servers
  const [client] = clients
  const isNothingKnown = verdict.federation === 'unknown' && verdict.clients === 'unknown' &&
    server?.reason === client?.reason
  const sentences = isNothingKnown
    ? [describeUnchecked('Federation and login', server)]
    : [...describeFederation(verdict.federation, servers), ...describeClients(verdict.clients, clients)]
  return [...sentences, describeCounts(verdict)].join(' ')
}

function verdictsOf (verdict: Verdict, kind: 'server' | 'client'): ReaderVerdict[] {
  return Object.entries(readers).flatMap(([id, reader]) => {
    const found = verdict.readers[id as keyof typeof readers]
    return reader.kind === kind && found !== undefined ? [found] : []
  })
}

function describeFederation (federation: Verdict['federation'], servers: readonly ReaderVerdict[]): string[] {
  const [first] = servers
  switch (federation) {
    case 'unchecked': return []
    case 'works': return ['Federation works.']
    case 'from-here': return ['Federation works from here, not from outside.']
    case 'fails': return ["Federation doesn't work."]
    case 'sometimes': return [`Federation works sometimes${explain(first)}.`]
    case 'unknown': return [describeUnchecked('Federation', first)]
    case 'partly': return describeServers(servers)
  }
}

/** Servers that differ, those first for which it works best. */
function describeServers (servers: readonly ReaderVerdict[]): string[] {
  const order: readonly Outcome[] = ['works', 'sometimes', 'fails', 'unknown']
  return order.flatMap(outcome => groupByReason(servers.filter(server => server.outcome === outcome)))
    .map(([names, verdict], i) => {
      const { outcome } = verdict
      const who = listNames(names)
      if (i === 0) {
        const verb = outcome === 'works' ? 'works' : outcome === 'sometimes' ? 'works sometimes' : "doesn't work"
        return `Federation ${verb} with ${who}${explain(verdict)}.`
      }
      if (outcome === 'unknown') return describeUnchecked(`Whether ${who} can reach the homeserver`, verdict)
      const verb = outcome === 'sometimes' ? "sometimes can't" : "can't"
      return `${who} ${verb} reach the homeserver${explain(verdict)}.`
    })
}

function describeClients (clients: Verdict['clients'], all: readonly ReaderVerdict[]): string[] {
  const [web, other, ...rest] = all
  if (clients === 'unchecked' || web === undefined || other === undefined) return []
  if (web.outcome !== other.outcome) return describeBoth(web, other)
  const exceptions = web.outcome === 'works' ? rest.filter(({ outcome }) => outcome !== 'works') : []
  return [describeShared(web), ...groupByReason(exceptions).map(([names, verdict]) => describeOthers(names, verdict))]
}

function describeShared (verdict: ReaderVerdict): string {
  switch (verdict.outcome) {
    case 'works': return 'Clients can log in.'
    case 'asks': return "Clients ask for the homeserver's address before users can log in."
    case 'fails': return "Clients can't log in."
    case 'sometimes': return `Login works sometimes${explain(verdict)}.`
    case 'unknown': return describeUnchecked('Login', verdict)
  }
}

/** Two that differ: what only one of them can do needs no verb in the second sentence. */
function describeBoth (first: ReaderVerdict, second: ReaderVerdict): string[] {
  const outcomes = [first.outcome, second.outcome]
  const isShort = outcomes.includes('works') && outcomes.includes('fails')
  const short = second.outcome === 'works' ? `${second.name} can.` : `${second.name} can't${explain(second)}.`
  return [describeClient(first), isShort ? short : describeClient(second)]
}

function describeClient (verdict: ReaderVerdict): string {
  const { name, outcome } = verdict
  switch (outcome) {
    case 'works': return `${name} can log in.`
    case 'asks': return `${name} asks for the homeserver's address.`
    case 'fails': return `${name} can't log in${explain(verdict)}.`
    case 'sometimes': return `${name} can log in sometimes${explain(verdict)}.`
    case 'unknown': return describeUnchecked(`Whether ${name} can log in`, verdict)
  }
}

/** Clients that can't log in like the others. */
function describeOthers (names: readonly string[], verdict: ReaderVerdict): string {
  const who = listNames(names)
  switch (verdict.outcome) {
    case 'asks': return `${who} ask${names.length === 1 ? 's' : ''} for the homeserver's address.`
    case 'sometimes': return `${who} can sometimes${explain(verdict)}.`
    case 'unknown': return describeUnchecked(`Whether ${who} can`, verdict)
    default: return `${who} can't${explain(verdict)}.`
  }
}

function describeUnchecked (what: string, verdict: ReaderVerdict | undefined): string {
  return `${what} could not be checked${explain(verdict)}.`
}

function explain (verdict: ReaderVerdict | undefined): string {
  const reason = verdict?.reason ?? ''
  return reason === '' ? '' : `: ${reason}`
}

function groupByReason (all: readonly ReaderVerdict[]): Array<[names: string[], verdict: ReaderVerdict]> {
  const groups = groupBy(all, ({ outcome, reason }) => `${outcome} ${reason}`)
  return [...groups.values()].map(group => [group.map(({ name }) => name), group[0]])
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
  return number === 0 ? '' : countNouns(number, noun)
}
