import { property } from '../matrix/json-object.ts'

/** The text of an option; undefined if it is not set, or empty. */
export function textOf (values: unknown, name: string): string | undefined {
  const value = property(values, name)
  if (value === undefined || value === null || value === '') return undefined
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** The value of an option; undefined if it is not set, or null. */
export function valueOf (values: unknown, name: string): unknown {
  return property(values, name) ?? undefined
}
