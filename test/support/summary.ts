import type { Report, Verdict } from '../../src/check/report/report.ts'

/** What a check says in the end: the verdict, and the ids of all findings, as often as they are told. */
export interface Summary {
  readonly federation: Verdict['federation']
  readonly clients: Verdict['clients']
  readonly failures: readonly string[]
  readonly warnings: readonly string[]
  readonly notices: readonly string[]
}

/** What a check says where nothing is wrong, but for this. */
export function expectSummary (otherwise: Partial<Summary>): Summary {
  return { federation: 'works', clients: 'works', failures: [], warnings: [], notices: [], ...otherwise }
}

export function summarize ({ verdict, findings }: Report): Summary {
  const idsOf = (severity: string, count: number): string[] => {
    const ids = findings.filter(finding => finding.severity === severity).map(({ id }) => id).toSorted()
    if (ids.length !== count) throw new Error(`${count} counted as ${severity}, and ${ids.length} told: ${ids.join(', ')}`)
    return ids
  }
  return {
    federation: verdict.federation,
    clients: verdict.clients,
    failures: idsOf('failure', verdict.failures),
    warnings: idsOf('warning', verdict.warnings),
    notices: idsOf('notice', verdict.notices)
  }
}
