import { property } from '../../matrix/json-object.ts'
import type { JsonObject } from '../../matrix/json-object.ts'
import type { DocumentName } from '../../site/documents.ts'
import { describeMisplacedKey, findMisplacedKeys } from '../../site/misplaced-keys.ts'
import type { MisplacedKey } from '../../site/misplaced-keys.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { references } from './references.ts'

export const misplacedContentFindings = {
  'document.misplaced-key': {
    severity: 'warning',
    title: 'A document has a key that belongs in another document, or in another place',
    why: "Readers look for it elsewhere, and don't find it.",
    specification: references.wellKnownUris,
    what: describeMisplacedKey,
    fix: (parts: MisplacedParts) => {
      switch (parts.kind) {
        case 'other-document': return `Serve it there instead: set ${parts.setting}${parts.value}, or move the key.`
        case 'dots': return `Write "${parts.key}" as one key, with the dot in its name.`
        case 'renamed': return `Rename it to "${parts.key}".`
      }
    },
    example: {
      kind: 'other-document', key: 'm.server', document: 'server', setting: 'M_SERVER', value: '=matrix.example.com:443'
    }
  }
} as const satisfies FindingKinds

/** A key, and `=` with its value for the setting. */
export type MisplacedParts = MisplacedKey & { readonly value: string }

const find = findingBuilder(misplacedContentFindings)

/** Keys that are meant for another document or have another name, which explains why a document is not valid. */
export function judgePlacement (name: DocumentName, content: JsonObject, context: Context): Finding[] {
  return findMisplacedKeys(name, content).map(key => find('document.misplaced-key', {
    ...context, parts: { ...key, value: assign(content[key.key]) }
  }))
}

/** The value of a key as it is written after a setting's name, if that is simple; a base URL is in an object. */
function assign (value: unknown): string {
  const text = property(value, 'base_url') ?? value
  return typeof text === 'string' && /^[\w.:/[\]-]{1,200}$/.test(text) ? `=${text}` : ''
}
