import type { Environment } from './environment.ts'
import type { Warning } from './fault.ts'
import { settingNames } from './settings.ts'

/** A warning for each variable whose name is that of a setting in lower case, or one edit away from it. */
export function findMisspelledNames (environment: Environment): Warning[] {
  return Object.keys(environment)
    .filter(name => !variableNames.has(name) && environment[name]?.trim() !== '')
    .flatMap(name => {
      const meant = isOtherCase(name) ? name.toUpperCase() : findSimilar(name)
      if (meant === undefined) return []
      return { variable: name, message: `${name} isn't a setting and is ignored; did you mean ${meant}?` }
    })
}

/** Whether a name is that of a setting but not in upper case. */
export function isOtherCase (name: string): boolean {
  const upper = name.toUpperCase()
  return name !== upper && settingNames.some(setting => upper === setting || upper === `${setting}_FILE`)
}

const variableNames: ReadonlySet<string> = new Set(settingNames.flatMap(name => [name, `${name}_FILE`]))

function findSimilar (name: string): string | undefined {
  return [...variableNames].find(known => Math.abs(known.length - name.length) <= 1 && isOneEditAway(name, known))
}

/** Whether one character is added, removed or replaced, or two neighbours are swapped. */
function isOneEditAway (left: string, right: string): boolean {
  let start = 0
  while (start < left.length && left[start] === right[start]) start++
  let end = 0
  while (end < Math.min(left.length, right.length) - start && left.at(-1 - end) === right.at(-1 - end)) end++
  const a = left.slice(start, left.length - end)
  const b = right.slice(start, right.length - end)
  return (a.length <= 1 && b.length <= 1) || (a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0])
}
