import { describeBothNames, namesOfOneKey } from '../matrix/client-keys.ts'
import { findDocumentFaults } from '../matrix/document-faults.ts'
import type { JsonObject } from '../matrix/json-object.ts'
import { quote } from '../matrix/printable.ts'
import type { DocumentName } from '../site/documents.ts'
import type { Describe } from './description.ts'

/** A value in a document that could not stay as it was. */
export interface Repair {
  readonly kind: 'fixed' | 'left-out'
  readonly path: readonly string[]
  readonly text: string
}

/** A document that all readers accept, if anything is left of it. */
export interface RepairedDocument {
  readonly content: JsonObject | undefined
  readonly repairs: readonly Repair[]
}

/**
 * Fixes in a document what can be fixed, and leaves out what can't. What is left of something may then be incomplete,
 * and is left out in the next round, without another word if nothing else goes with it.
 */
export function repairDocument (name: DocumentName, source: JsonObject, describe: Describe): RepairedDocument {
  const content = structuredClone(source)
  const repairs = name === 'client' ? removeSecondNames(content) : []
  const incomplete = new Set<unknown>()
  while (true) {
    const faults = findDocumentFaults(name, content, path => describe(name, path))
    if (faults.length === 0) return { content, repairs }
    const lists = new Set<unknown[]>()
    for (const { path, message, meant } of faults) {
      const kind = meant.length === 0 ? 'left-out' : 'fixed'
      const value = valueAt(content, path)
      const isConsequence = incomplete.has(value) && Object.keys(Object(value)).length === 0
      if (!isConsequence) repairs.push({ kind, path, text: message })
      if (path.length === 0) return { content: undefined, repairs }
      if (meant.length === 0) incomplete.add(valueAt(content, path.slice(0, -1)))
      const list = replace(content, path, meant)
      if (list !== undefined) lists.add(list)
    }
    for (const list of lists) closeGaps(list)
    for (const [key, value] of Object.entries(content)) {
      if (!Array.isArray(value) || value.length > 0 || !lists.has(value)) continue
      replace(content, [key], [])
      incomplete.add(content)
    }
  }
}

/** Of a key with two names, only the one that all clients read may stay: ruma refuses a document that has both. */
function removeSecondNames (content: JsonObject): Repair[] {
  return namesOfOneKey.flatMap(([unstable, stable]) => {
    if (!Object.hasOwn(content, unstable) || !Object.hasOwn(content, stable)) return []
    replace(content, [stable], [])
    const text = `${describeBothNames(stable, unstable)} Only ${quote(unstable)} is kept, which all clients read.`
    return [{ kind: 'fixed' as const, path: [unstable], text }]
  })
}

/** In place of a removed entry until the others have been handled, so that their indices stay right. */
const removed = Symbol('removed')

/** Puts what was meant in the place of a value, or removes the value. A list that lost entries is returned. */
function replace (root: JsonObject, path: readonly string[], meant: readonly unknown[]): unknown[] | undefined {
  const parent = valueAt(root, path.slice(0, -1))
  const key = String(path.at(-1))
  if (Array.isArray(parent)) {
    parent[Number(key)] = [...meant, removed][0]
    return parent
  }
  if (meant.length === 0) Reflect.deleteProperty(Object(parent), key)
  else Object.assign(Object(parent), { [key]: meant[0] })
  return undefined
}

function valueAt (root: JsonObject, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => Object(value)[key], root)
}

function closeGaps (list: unknown[]): void {
  const kept = list.filter(entry => entry !== removed)
  list.length = 0
  for (const entry of kept) list.push(entry)
}
