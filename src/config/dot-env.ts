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
  // Without a line break, a comment on the last line would count as a variable.
  const variables = Object.entries(parseEnv(`${text}\n`))
  return {
    environment: Object.fromEntries(variables.filter(([name]) => explainName(name) === undefined)),
    warnings: findIgnoredLines(text)
  }
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

/** A message for each line that is ignored although it was probably meant as a setting. */
function findIgnoredLines (text: string): Warning[] {
  const lines = text.split(/\r?\n/)
  const warnings: Warning[] = []
  let end = -1
  for (const [index, line] of lines.entries()) {
    if (index <= end || /^\s*(#|$)/.test(line)) continue
    const [, name, value = ''] = /^\s*(?:export\s+)?([^=]*?)\s*=\s*(.*)$/.exec(line) ?? []
    const explanation = name === undefined ? explainLine(line) : explainName(name)
    if (explanation !== undefined) {
      warnings.push({ variable: undefined, message: `line ${index + 1}: ${explanation}` })
    }
    end = findEnd(value, lines, index)
  }
  return warnings
}

/** The rest of a line may be a secret, so only the name of a setting is shown. */
function explainLine (line: string): string {
  const meant = settingNames.find(name => new RegExp(`^\\s*${name}(_FILE)?\\b`, 'i').test(line))
  return `has no "=" and is ignored; write ${meant ?? 'NAME'}=value`
}

function explainName (name: string): string | undefined {
  if (isOtherCase(name)) return `sets ${quote(name)}, which is ignored; use ${name.toUpperCase()}`
  if (!/\s/.test(name)) return undefined
  const meant = name.toUpperCase().replaceAll(/\s+/g, '_')
  const fix = isSettingName(meant) ? `use ${meant}` : 'use a name such as SERVER_NAME'
  return `sets ${quote(name)}, a name with white space, which is ignored; ${fix}`
}

/** The index of the line on which a value ends: a later one if it is in quotes that are closed there. */
function findEnd (value: string, lines: readonly string[], start: number): number {
  const [mark] = /^["'`]/.exec(value) ?? []
  if (mark === undefined || value.includes(mark, 1)) return start
  // Without a closing quote, the value ends with its first line.
  return Math.max(start, lines.findIndex((line, index) => index > start && line.includes(mark)))
}
