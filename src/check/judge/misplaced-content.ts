import { isJsonObject, property } from '../../matrix/json-object.ts'
import type { JsonObject } from '../../matrix/json-object.ts'
import type { DocumentName } from '../../site/documents.ts'
import { documentKind, documentNames, documentPath } from '../../site/documents.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { specification } from './specification.ts'

export const misplacedContentFindings = {
  'document.misplaced-key': {
    severity: 'warning',
    title: 'A document has a key that belongs in another document, or in another place',
    why: 'Readers look for it elsewhere, and do not find it.',
    specification: specification.wellKnownUris,
    what: (parts: MisplacedParts) => {
      switch (parts.kind) {
        case 'other-document': return `The key "${parts.key}" belongs in ${documentPath(parts.document)}.`
        case 'dots': return `"${parts.key}" is split at its dot into "${parts.found}".`
        case 'renamed': return `The key "${parts.found}" is called "${parts.key}" now.`
      }
    },
    fix: (parts: MisplacedParts) => {
      switch (parts.kind) {
        case 'other-document': return `Move it there: set ${parts.setting}.`
        case 'dots': return `Write "${parts.key}" as one key, with the dot in its name.`
        case 'renamed': return `Rename it to "${parts.key}".`
      }
    },
    example: { kind: 'other-document', key: 'm.server', document: 'server', setting: 'M_SERVER' }
  }
} as const satisfies FindingKinds

export type MisplacedParts =
  | { readonly kind: 'other-document', readonly key: string, readonly document: DocumentName, readonly setting: string }
  | { readonly kind: 'dots', readonly key: string, readonly found: string }
  | { readonly kind: 'renamed', readonly key: string, readonly found: string }

const find = findingBuilder(misplacedContentFindings)

/** Keys that are meant for another document or have another name, which explains why a document is not valid. */
export function judgePlacement (name: DocumentName, content: JsonObject, context: Context): Finding[] {
  const kinds = documentNames.filter(other => other !== name).flatMap(document =>
    Object.entries(documentKind(document).settings)
      .filter(([key]) => key in content && !(key in documentKind(name).settings))
      .map(([key, setting]) => ({ kind: 'other-document' as const, key, document, setting })))
  const dotted = Object.keys(documentKind(name).settings).flatMap(key => {
    const [first = '', ...rest] = key.split('.')
    const found = rest.length > 0 && !(key in content) && isJsonObject(content[first])
      ? property(content[first], rest.join('.'))
      : undefined
    return found === undefined ? [] : [{ kind: 'dots' as const, key, found: `${first}": {"${rest.join('.')}` }]
  })
  const renamed = name === 'support' && 'admins' in content && !('contacts' in content)
    ? [{ kind: 'renamed' as const, key: 'contacts', found: 'admins' }]
    : []
  return [...kinds, ...dotted, ...renamed].map(parts => find('document.misplaced-key', { ...context, parts }))
}
