import { statSync } from 'node:fs'
import { parseDotEnv } from '../config/dot-env.ts'
import type { Environment } from '../config/environment.ts'
import { parseLiteralEnv } from '../config/literal-env.ts'
import { namePath, standardInput } from '../config/standard-input.ts'
import { readStreamText, readTextFile } from '../config/text-file.ts'
import { validateFolder } from './folder-validation.ts'
import { validateSettings } from './settings-validation.ts'
import { joinValidations } from './validation.ts'
import type { Validation } from './validation.ts'

/** Validates what `serve` would load: an environment with a `.env` below it, and the folder of sites that they name. */
export async function validateEnvironment (environment: Environment, path: string): Promise<Validation> {
  const text = readTextFile(path)
  if (typeof text === 'string') return await validateSettings(environment, { path, text })
  return text.missing ? await validateSettings(environment) : rejectPath(path, text.message)
}

export interface PathOptions {
  /** Whether quotes are a part of the value in a file, but not in a folder. */
  readonly literal: boolean
  readonly stdin: AsyncIterable<Uint8Array>
}

/** Validates each `.env` file and folder of sites, whatever the environment is. */
export async function validatePaths (paths: readonly string[], options: PathOptions): Promise<Validation> {
  const validations: Validation[] = []
  for (const path of new Set(paths)) validations.push(await validatePath(path, options))
  return joinValidations(validations)
}

async function validatePath (path: string, { literal, stdin }: PathOptions): Promise<Validation> {
  if (path !== standardInput && isFolder(path)) return await validateFolder(path, message => rejectPath(path, message))
  const text = path === standardInput ? await readStreamText(stdin) : readTextFile(path)
  const name = namePath(path)
  if (typeof text !== 'string') return rejectPath(name, text.message)
  return await validateSettings({}, { path: name, text, parse: literal ? parseLiteralEnv : parseDotEnv })
}

function isFolder (path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    // Reading it as a file says what is wrong.
    return false
  }
}

function rejectPath (file: string, message: string): Validation {
  return { sites: [], problems: [{ severity: 'fault', file, variable: undefined, message }] }
}
