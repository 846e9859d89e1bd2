import { buildAjv, findSchemaErrors } from '../matrix/validate.ts'
import { readTexts } from './environment.ts'
import type { Environment, Texts } from './environment.ts'
import { explainSchemaErrors } from './fault.ts'
import type { Fault } from './fault.ts'
import { parseJson } from './json-text.ts'
import { settingFormats } from './setting-formats.ts'
import { isSettingName, maxDepthOf, settings } from './settings.ts'
import type { SettingName } from './settings.ts'

/** Some of the settings, as a JSON Schema of an object. */
export interface SettingsSchema {
  readonly type: 'object'
  readonly required?: readonly SettingName[]
  readonly properties: Readonly<Partial<Record<SettingName, object>>>
}

/** Settings as they were given and as their schemas have them, with defaults in place of those that are wrong. */
export interface ReadSettings<Values> {
  readonly texts: Texts
  readonly values: Values
  readonly faults: Fault[]
}

const ajv = buildAjv(settingFormats)

/** Reads the settings of a schema from an environment. A schema is compiled once per process. */
export function readSettings<Values> (schema: SettingsSchema, environment: Environment): ReadSettings<Values> {
  const { texts, faults } = readTexts(environment, Object.keys(schema.properties).filter(isSettingName))
  const values: Record<string, unknown> = {}
  for (const [name, text] of texts) values[name] = readValue(name, text)
  // The other settings are validated as well; with a fault nothing is served.
  const replace = ({ variable }: Fault): void => {
    delete values[variable]
    if (variable.startsWith('SERVER_NAME')) values.SERVER_NAME = 'localhost'
  }
  for (const fault of faults) replace(fault)
  while (!ajv.validate<Values>(schema, values)) {
    const found = explainSchemaErrors(findSchemaErrors(ajv, schema, values))
    for (const fault of found) replace(fault)
    faults.push(...found)
  }
  return { texts, values, faults }
}

/**
 * The value of a text by its schema: a list of strings is separated by commas, everything else that is not a string
 * is JSON. A text that isn't JSON stays as it is, and its schema refuses it.
 */
function readValue (name: SettingName, text: string): unknown {
  const { type, items }: { type: string, items?: { type: string } } = settings[name]
  // At its commas, JSON in place of a list would fall apart into as many faults.
  if (items?.type === 'string') return /^[[{]/.test(text) ? [text] : text.split(',').map(entry => entry.trim())
  if (type === 'string') return text
  try {
    return parseJson(text, maxDepthOf(name))
  } catch {
    return text
  }
}
