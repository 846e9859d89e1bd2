import { findSimilar } from '../matrix/similar-name.ts'
import type { Environment } from './environment.ts'
import type { Warning } from './fault.ts'
import { settingNames } from './settings.ts'

/** A warning for each variable whose name is that of a setting in lower case, or one edit away from it. */
export function findMisspelledNames (environment: Environment): Warning[] {
  return Object.keys(environment)
    .filter(name => !knownNames.has(name) && environment[name]?.trim() !== '')
    .flatMap(name => {
      const meant = isOtherCase(name) ? name.toUpperCase() : findSimilar(name, variableNames)
      if (meant === undefined) return []
      return { variable: name, message: `${name} isn't a setting and is ignored; did you mean ${meant}?` }
    })
}

/** Whether a name is that of a setting but not in upper case. */
export function isOtherCase (name: string): boolean {
  const upper = name.toUpperCase()
  return name !== upper && settingNames.some(setting => upper === setting || upper === `${setting}_FILE`)
}

const variableNames = settingNames.flatMap(name => [name, `${name}_FILE`])
const knownNames: ReadonlySet<string> = new Set(variableNames)
