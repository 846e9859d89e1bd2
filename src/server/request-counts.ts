import { documentNames, documentPath } from '../site/documents.ts'
import { decodePath } from '../site/responses.ts'

/** How many requests there were, by document and status. Paths of other documents share a name: they are endless. */
export class RequestCounts {
  readonly #counts = new Map<string, Map<number, number>>()
  readonly #names = new Map<string, string>(documentNames.map(name => [documentPath(name), name]))

  /** @param target a request target, with or without a query. */
  add (target: string, status: number): void {
    const name = this.#names.get(target) ?? this.#names.get(decodePath(target)) ?? 'other'
    let statuses = this.#counts.get(name)
    if (statuses === undefined) this.#counts.set(name, statuses = new Map())
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }

  list (): Array<{ document: string, status: number, count: number }> {
    return [...this.#counts].flatMap(([document, statuses]) =>
      [...statuses].map(([status, count]) => ({ document, status, count })))
  }
}
