import { buildAjv, findSchemaErrors } from '../matrix/validate.ts'
import { readTexts } from './environment.ts'
import type { Environment, Texts } from './environment.ts'
import { explainMissing, explainSchemaErrors } from './fault.ts'
import type { Fault } from './fault.ts'
import { parseJson } from './json-text.ts'
import { settingFormats } from './setting-formats.ts'
import { maxDepthOf, settings } from './settings.ts'
import type { SettingName } from './settings.ts'

/** Settings as they were given and as their schemas have them, with defaults in place of those that are wrong. */
export interface ReadSettings<Values> {
  readonly texts: Texts
  readonly values: Values
  readonly faults: Fault[]
}

const ajv = buildAjv(settingFormats)

/** In place of a required setting that is missing or wrong, so that the others are validated as well. */
const placeholders: Readonly<Partial<Record<SettingName, unknown>>> = { SERVER_NAME: 'localhost' }

/**
 * Reads some of the settings from an environment. The schema of each is compiled when it is first set: compiling all of
 * them takes longer than everything else at the start.
 */
export function readSettings<Values> (names: readonly SettingName[], environment: Environment): ReadSettings<Values> {
  const { texts, faults } = readTexts(environment, names)
  const values: Record<string, unknown> = {}
  for (const name of names) {
    const schema: { readonly type: string, readonly default?: unknown } = settings[name]
    const otherwise = schema.default ?? placeholders[name]
    if (otherwise !== undefined) values[name] = otherwise
    const text = texts.get(name)
    if (text === undefined) {
      const isMissing = name in placeholders && !faults.some(({ variable }) => variable?.startsWith(name))
      if (isMissing) faults.push(explainMissing(name))
      continue
    }
    const value = readValue(name, text)
    const found = explainSchemaErrors(name, findSchemaErrors(ajv, schema, value))
    if (found.length === 0) values[name] = value
    faults.push(...found)
  }
  // Their schemas have accepted them, and the types are written next to the schemas.
  return { texts, values: values as Values, faults }
}

/**
 * The value of a text by its schema: a list of strings is separated by commas, everything else that is not a string
 * is JSON. A text that isn't JSON stays as it is, and its schema refuses it.
 */
function readValue (name: SettingName, text: string): unknown {
  const { type, items }: { type: string, items?: { type: string } } = settings[name]
  if (items?.type === 'string') return isMeantAsJson(text) ? [text] : text.split(',').map(entry => entry.trim())
  if (type === 'string') return text
  try {
    return parseJson(text, maxDepthOf(name))
  } catch {
    return text
  }
}

/** JSON in place of a list, which would fall apart into as many faults at its commas; not an IPv6 address. */
function isMeantAsJson (text: string): boolean {
  return /^(?:\{|\[(?![\da-f:.]+\]))/i.test(text)
}
