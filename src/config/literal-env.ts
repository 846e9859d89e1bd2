import { explainLine, explainName, isComment, limitWarnings } from './dot-env.ts'
import type { LoadedEnvironment } from './dot-env.ts'
import type { Warning } from './fault.ts'

/**
 * Parses settings as kustomize and `docker run --env-file` do: a value is the rest of its line, with its quotes. The
 * warnings start with the number of the line.
 */
export function parseLiteralEnv (text: string): LoadedEnvironment {
  const variables: [name: string, value: string][] = []
  const ignored: Warning[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (isComment(line)) continue
    const [, name, value = ''] = /^\s*([^=]*)=(.*)$/s.exec(line) ?? []
    const explanation = name === undefined ? explainLine(line) : explainName(name)
    if (explanation !== undefined) ignored.push({ variable: undefined, message: `line ${index + 1}: ${explanation}` })
    else if (name !== undefined) variables.push([name, value])
  }
  return { environment: Object.fromEntries(variables), warnings: limitWarnings(ignored) }
}
