import type { Report } from './report.ts'

/** The name and version that a homeserver states of its software; several if its addresses differ. */
export function listSoftware ({ federation }: Pick<Report, 'federation'>): string[] {
  return distinct(federation?.addresses.map(({ software }) => software))
}

/** The newest version of the specification that a homeserver supports; several if its addresses differ. */
export function listNewestVersions ({ clients }: Pick<Report, 'clients'>): string[] {
  return distinct(clients?.addresses.map(({ versions }) => versions?.at(-1)))
}

function distinct (texts: ReadonlyArray<string | null | undefined> = []): string[] {
  return [...new Set(texts.flatMap(text => text ?? []))]
}
