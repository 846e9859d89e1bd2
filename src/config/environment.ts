import { readFileSync, statSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { quote } from '../matrix/printable.ts'
import { ConfigError } from './fault.ts'
import type { Fault } from './fault.ts'
import { settingNames } from './settings.ts'
import type { SettingName } from './settings.ts'

/** Names and values as in process.env. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The settings as they were given, without surrounding white space; those that are empty are left out. */
export type Texts = ReadonlyMap<SettingName, string>

/** Far above any document that a reader takes; a file beyond it is some other file. */
const maxFileSize = 1_048_576

/**
 * Lays a `.env` file under an environment, which wins over it, name by name.
 *
 * @throws {ConfigError} when the file is there and can't be read.
 */
export function withDotEnv (path: string, environment: Environment): Environment {
  return { ...readDotEnv(path), ...environment }
}

function readDotEnv (path: string): Environment {
  try {
    // A comment on the last line would pass for a variable if no line break followed.
    return parseEnv(`${readText(path)}\n`) as Environment
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new ConfigError([{ variable: '.env', message: `${path} is not read: ${describeReadError(error)}` }], [])
  }
}

/** Reads the settings: each from `NAME`, or from the file that `NAME_FILE` names. */
export function readTexts (environment: Environment, names: readonly SettingName[]): { texts: Texts, faults: Fault[] } {
  const texts = new Map<SettingName, string>()
  const faults: Fault[] = []
  for (const name of names) {
    let text = environment[name]?.trim() ?? ''
    const file = environment[`${name}_FILE`]?.trim() ?? ''
    if (file !== '') {
      const fault = text === '' ? undefined : `${name} is set as well: leave out one of the two`
      try {
        if (fault !== undefined) throw new Error(fault)
        text = readText(file)
      } catch (error) {
        faults.push({ variable: `${name}_FILE`, message: `${name}_FILE is ${quote(file)}: ${describeReadError(error)}` })
      }
    }
    if (/^(["']).*\1$/s.test(text)) {
      // Compose and `docker run --env-file` pass quotes on that a shell would have taken away.
      faults.push({ variable: name, message: `${name} is ${quote(text)}: leave out the quotes around it` })
    } else if (text !== '') {
      texts.set(name, text)
    }
  }
  return { texts, faults }
}

function readText (path: string): string {
  const stats = statSync(path)
  if (!stats.isFile()) throw new Error('not a regular file, put one in its place')
  if (stats.size > maxFileSize) throw new Error(`${stats.size} bytes, a setting has at most ${maxFileSize}`)
  return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)).trim()
}

const readErrors = new Map([
  ['ERR_ENCODING_INVALID_ENCODED_DATA', 'not text in UTF-8, save it as UTF-8'],
  ['ENOENT', 'there is no such file, write the path of one'],
  ['ENOTDIR', 'there is no such file, write the path of one'],
  ['EACCES', 'no permission to read it, let the user of this process do so']
])

function describeReadError (error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === undefined) return message
  return readErrors.get(code) ?? `can't be read: ${message}`
}

/** A warning for each variable whose name is one edit away from a setting's, for that is a slip of the pen. */
export function findMisspelledNames (environment: Environment): string[] {
  const known = settingNames.flatMap(name => [name, `${name}_FILE`])
  return Object.keys(environment)
    .filter(name => !known.includes(name) && environment[name]?.trim() !== '')
    .flatMap(name => {
      const meant = known.find(candidate => isOneEditAway(name, candidate))
      return meant === undefined ? [] : [`${name} is not a setting and is ignored: did you mean ${meant}?`]
    })
}

/** One character added, left out or replaced, or two neighbours swapped. */
function isOneEditAway (left: string, right: string): boolean {
  let start = 0
  while (start < left.length && left[start] === right[start]) start++
  let end = 0
  while (end < Math.min(left.length, right.length) - start && left.at(-1 - end) === right.at(-1 - end)) end++
  const a = left.slice(start, left.length - end)
  const b = right.slice(start, right.length - end)
  return (a.length <= 1 && b.length <= 1) || (a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0])
}
