import type { JsonObject } from '../matrix/json-object.ts'
import { quote } from '../matrix/printable.ts'
import { documentNames, documentPath, isDocumentName } from '../site/documents.ts'

const copyWords = 'bak|backup|copy|disabled|dpkg|example|new|old|orig|sample|save|swp|tmp'

/** What editors, package managers and people append to the name of a copy. */
const copyEnding = new RegExp(`^(?:\\.json)?(?:~|[._ -](?:${copyWords}|\\d))`, 'i')

/**
 * Why a file next to documents is no document of its own, although readers can get it there.
 *
 * @param name the last part of its path.
 */
export function explainStrayFile (name: string, content: JsonObject | undefined): string | undefined {
  if (isDocumentName(name)) return undefined
  const original = documentNames.find(known => name.startsWith(known) && copyEnding.test(name.slice(known.length)))
  if (original !== undefined) return `looks like a copy of ${documentPath(original)}`
  const error = content?.['errcode']
  return typeof error === 'string' ? `an error response, ${quote(error)}` : undefined
}
