import { parseEnv } from 'node:util'
import { quote } from '../matrix/printable.ts'
import type { Environment } from './environment.ts'
import { ConfigError } from './fault.ts'
import type { Warning } from './fault.ts'
import { isOtherCase } from './misspelled-names.ts'
import { isSettingName, settingNames } from './settings.ts'
import { readTextFile } from './text-file.ts'

/** An environment with a `.env` file below it. */
export interface LoadedEnvironment {
  readonly environment: Environment
  /** Lines of the file that look like settings but are ignored, one message each. */
  readonly warnings: readonly Warning[]
}

/**
 * Loads a `.env` file, if there is one, below an environment. The environment wins: a setting that it gives, as `NAME`
 * or as `NAME_FILE`, hides both in the file. An empty value gives nothing.
 *
 * @throws {ConfigError} if the file is there and can't be read.
 */
export function loadEnvironment (path: string, environment: Environment): LoadedEnvironment {
  const file = parseDotEnv(readOptional(path))
  return {
    environment: addDotEnv(file.environment, environment),
    warnings: file.warnings.map(({ variable, message }) => ({ variable, message: `${path}, ${message}` }))
  }
}

/** Puts the variables of a `.env` below an environment. */
export function addDotEnv (file: Environment, environment: Environment): Environment {
  const below = Object.entries(file).filter(([name]) => !isGiven(name, environment))
  return { ...environment, ...Object.fromEntries(below) }
}

/** Whether an environment gives a setting, as `NAME` or as `NAME_FILE`. */
export function isGiven (name: string, environment: Environment): boolean {
  const otherName = name.endsWith('_FILE') ? name.slice(0, -'_FILE'.length) : `${name}_FILE`
  return [name, otherName].some(name => !isEmpty(environment[name]))
}

/** Parses the text of a `.env` file. Its warnings start with the number of the line. */
export function parseDotEnv (text: string): LoadedEnvironment {
  const lines = text.split(/\r?\n/)
  const quotes = ['"', "'", '`'].map(mark => ({ mark, last: lines.findLastIndex(line => line.includes(mark)) }))
  const kept: string[] = []
  const ignored: Warning[] = []
  let open: string | undefined
  let isKept = true
  for (const [index, line] of lines.entries()) {
    if (open === undefined) {
      const explanation = explainLine(line)
      isKept = explanation === undefined
      if (!isKept) ignored.push({ variable: undefined, message: `line ${index + 1}: ${explanation}` })
      // Without a closing quote, the value ends with its first line.
      open = quotes.find(({ mark, last }) => index < last && opensQuote(line, mark))?.mark
    } else if (line.includes(open)) {
      open = undefined
    }
    if (isKept) kept.push(line)
  }
  // To parseEnv, a line without "=" is a part of the next name, and a comment without a line break is a variable.
  return { environment: parseEnv(`${kept.join('\n')}\n`), warnings: limitWarnings(ignored) }
}

function readOptional (path: string): string {
  const text = readTextFile(path)
  if (typeof text === 'string') return text
  if (text.missing) return ''
  throw new ConfigError([{ variable: '.env', message: `${path}: ${text.message}` }], [])
}

function isEmpty (value: string | undefined): boolean {
  return value === undefined || value.trim() === ''
}

/** Thousands of such lines are not a `.env`, and their warnings would hide the others. */
const maxWarnings = 10

export function limitWarnings (warnings: readonly Warning[]): readonly Warning[] {
  const more = warnings.length - maxWarnings
  if (more <= 0) return warnings
  return [...warnings.slice(0, maxWarnings), { variable: undefined, message: `${more} more lines are ignored` }]
}

/** Why a line is ignored although it was probably meant as a setting. */
export function explainLine (line: string): string | undefined {
  if (isComment(line)) return undefined
  const [name] = splitLine(line)
  if (name !== undefined) return explainName(name)
  // The rest of the line may be a secret, so only the name of a setting is shown.
  const word = line.trimStart().toUpperCase().replace(/\W.*/s, '')
  const meant = settingNames.find(setting => word === setting || word === `${setting}_FILE`)
  return `has no "=" and is ignored; write ${meant ?? 'NAME'}=value`
}

export function isComment (line: string): boolean {
  return /^(#|$)/.test(line.trim())
}

/** The name before the first "=", and what follows it; no name if there is no "=". */
function splitLine (line: string): [name: string | undefined, value: string] {
  const index = line.indexOf('=')
  if (index === -1) return [undefined, '']
  return [line.slice(0, index).trim().replace(/^export\s+/, ''), line.slice(index + 1).trim()]
}

export function explainName (name: string): string | undefined {
  if (isOtherCase(name)) return `sets ${quote(name)}, which is ignored; use ${name.toUpperCase()}`
  if (!/\s/.test(name)) return undefined
  const meant = name.toUpperCase().replaceAll(/\s+/g, '_')
  const fix = isSettingName(meant) ? `use ${meant}` : 'use a name such as SERVER_NAME'
  return `sets ${quote(name)}, a name with white space, which is ignored; ${fix}`
}

/** Whether the value on a line starts with a quote that isn't closed there. */
function opensQuote (line: string, mark: string): boolean {
  const [, value] = splitLine(line)
  return value.startsWith(mark) && !value.includes(mark, 1) && !isComment(line)
}
