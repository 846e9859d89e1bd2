import type { JsonObject } from '../../matrix/json-object.ts'
import type { DocumentName } from '../../site/documents.ts'
import { describeMisplacedKey, findMisplacedKeys } from '../../site/misplaced-keys.ts'
import type { MisplacedKey } from '../../site/misplaced-keys.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { specification } from './specification.ts'

export const misplacedContentFindings = {
  'document.misplaced-key': {
    severity: 'warning',
    title: 'A document has a key that belongs in another document, or in another place',
    why: 'Readers look for it elsewhere, and do not find it.',
    specification: specification.wellKnownUris,
    what: describeMisplacedKey,
    fix: (parts: MisplacedKey) => {
      switch (parts.kind) {
        case 'other-document': return `Move it there: set ${parts.setting}.`
        case 'dots': return `Write "${parts.key}" as one key, with the dot in its name.`
        case 'renamed': return `Rename it to "${parts.key}".`
      }
    },
    example: { kind: 'other-document', key: 'm.server', document: 'server', setting: 'M_SERVER' }
  }
} as const satisfies FindingKinds

const find = findingBuilder(misplacedContentFindings)

/** Keys that are meant for another document or have another name, which explains why a document is not valid. */
export function judgePlacement (name: DocumentName, content: JsonObject, context: Context): Finding[] {
  return findMisplacedKeys(name, content).map(parts => find('document.misplaced-key', { ...context, parts }))
}
