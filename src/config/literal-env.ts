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
  for (const [index, untrimmed] of text.split(/\r?\n/).entries()) {
    const line = untrimmed.trimStart()
    if (isComment(line)) continue
    const equalsAt = line.indexOf('=')
    const name = line.slice(0, equalsAt)
    const explanation = equalsAt === -1 ? explainLine(line) : explainName(name)
    if (explanation === undefined) variables.push([name, line.slice(equalsAt + 1)])
    else ignored.push({ variable: undefined, message: `line ${index + 1}: ${explanation}` })
  }
  return { environment: Object.fromEntries(variables), warnings: limitWarnings(ignored) }
}
