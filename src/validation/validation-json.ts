import { escapeControls } from '../matrix/printable.ts'
import { documentPath } from '../site/documents.ts'
import type { Validation } from './validation.ts'

/** What was validated, for programs: docs/validation.schema.json describes it. */
export function renderValidationJson ({ sites, problems }: Validation, valid: boolean): string {
  const result = {
    version: 1,
    valid,
    sites: sites.map(({ file, site: { serverName, hostAliases }, documents }) => ({
      file: file ?? null,
      serverName,
      hostAliases,
      documents: documents.map(({ name, content, size, target }) => (
        { name, path: documentPath(name), size, target, content }
      ))
    })),
    problems: problems.map(({ severity, file, variable, message }) => (
      { severity, file: file ?? null, variable: variable ?? null, message }
    ))
  }
  return `${escapeControls(JSON.stringify(result, null, 2))}\n`
}
