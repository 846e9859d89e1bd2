import { readerIds } from '../../src/check/readers/readers.ts'
import type { ReaderId } from '../../src/check/readers/readers.ts'
import type { Report, Verdict } from '../../src/check/report/report.ts'

/** The result of a check: the verdict, and the ids of all findings, as often as they are reported. */
export interface Summary {
  readonly federation: Verdict['federation']
  readonly clients: Verdict['clients']
  readonly failures: readonly string[]
  readonly warnings: readonly string[]
  readonly notices: readonly string[]
}

/** What is expected of a result. */
export interface Found extends Partial<Summary> {
  /** The readers that fail. */
  readonly failing?: readonly ReaderId[]
}

/** The result where nothing is wrong except for this. */
export function expectSummary (otherwise: Partial<Summary>): Summary {
  return { federation: 'works', clients: 'works', failures: [], warnings: [], notices: [], ...otherwise }
}

export function summarize ({ verdict, findings }: Report): Summary {
  const idsOf = (severity: string, count: number): string[] => {
    const ids = findings.filter(finding => finding.severity === severity).map(({ id }) => id).toSorted()
    if (ids.length !== count) {
      throw new Error(`${count} counted as ${severity}, ${ids.length} reported: ${ids.join(', ')}`)
    }
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

/** The readers that fail, in the order of the report. */
export function failingReaders ({ verdict: { readers } }: Report): ReaderId[] {
  return readerIds.filter(id => readers[id]?.outcome === 'fails')
}
