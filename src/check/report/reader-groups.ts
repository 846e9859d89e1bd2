import { readerIds, readers as kinds } from '../readers/readers.ts'
import type { Reader } from '../readers/reader.ts'
import type { ReportedFinding } from './finding-text.ts'
import { groupBy } from './group-by.ts'
import type { ReaderVerdict, Verdict } from './verdict.ts'

/** The specification is a reader that nobody runs. */
const realReaders = readerIds.filter(id => id !== 'specification')

/** Readers that behave alike: what they achieve, and their names. */
export type ReaderGroup = readonly [verdict: ReaderVerdict & Pick<Reader, 'kind'>, names: readonly string[]]

export function groupReaders ({ readers }: Pick<Verdict, 'readers'>): ReaderGroup[] {
  const listed = realReaders.flatMap(id => {
    const verdict = readers[id]
    return verdict === undefined ? [] : [{ ...verdict, kind: kinds[id].kind }]
  })
  const groups = groupBy(listed, ({ kind, outcome, reason }) => JSON.stringify([kind, outcome, reason]))
  return [...groups.values()].map(group => [group[0], group.map(({ name }) => name)])
}

/** The readers that findings affect, by their names; "all clients" if it is all of them. */
export function describeAffected (
  findings: ReadonlyArray<Pick<ReportedFinding, 'readers'>>,
  { readers }: Pick<Verdict, 'readers'>
): string {
  // Whether readers that could not be checked are affected is not known.
  const ids = new Set(findings.flatMap(finding => finding.readers).filter(id => readers[id]?.outcome !== 'unknown'))
  return (['server', 'client'] as const).flatMap(kind => {
    const all = realReaders.filter(id => kinds[id].kind === kind)
    const affected = all.filter(id => ids.has(id))
    return affected.length === all.length ? [`all ${kind}s`] : affected.map(id => kinds[id].name)
  }).join(', ')
}
