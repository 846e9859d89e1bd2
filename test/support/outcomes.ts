import type { Report } from '../../src/check/report/report.ts'

/** What servers achieve, by the id of their reader. */
export type ServerOutcomes = Readonly<Record<typeof servers[number], string | undefined>>

const servers = ['synapse', 'dendrite', 'tuwunel', 'specification'] as const

/** What servers achieve, in a report. */
export function serverOutcomesOf ({ verdict }: Report): ServerOutcomes {
  const [synapse, dendrite, tuwunel, specification] = servers.map(id => verdict.readers[id]?.outcome)
  return { synapse, dendrite, tuwunel, specification }
}

/** The outcomes of servers if it works for all of them, but for these. */
export function expectServers (exceptions: Partial<ServerOutcomes> = {}): ServerOutcomes {
  return { synapse: 'works', dendrite: 'works', tuwunel: 'works', specification: 'works', ...exceptions }
}
