import { isPackageStyle, obsoleteClientKeys } from '../../matrix/client-keys.ts'
import { findDocumentFaults } from '../../matrix/document-faults.ts'
import { documentSchemas } from '../../matrix/document-schemas.ts'
import { property } from '../../matrix/json-object.ts'
import type { JsonObject } from '../../matrix/json-object.ts'
import { listSome } from '../../matrix/list-some.ts'
import { quote } from '../../matrix/printable.ts'
import { documentKind } from '../../site/documents.ts'
import type { DocumentName } from '../../site/documents.ts'
import { isLegal, judgeRoles } from './contacts.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { judgePlacement } from './misplaced-content.ts'
import { references } from './references.ts'

export const contentFindings = {
  'document.invalid': {
    severity: 'warning',
    title: 'A document has a value that its readers reject',
    why: 'Some readers reject the whole document for one invalid value. In others, only what uses the value fails.',
    specification: references.wellKnownUris,
    what: (parts: InvalidParts) => 'more' in parts
      ? `${parts.more} more values are invalid.`
      : `${parts.message}.`,
    fix: (parts: InvalidParts) => 'more' in parts
      ? 'Fix the others first.'
      : `Fix ${parts.setting} of the sidecar, or the file that is served instead.`,
    example: {
      message: '"m.homeserver.base_url" is "matrix.example.com": has no scheme; use https://matrix.example.com',
      setting: 'M_HOMESERVER_BASE_URL'
    }
  },
  'document.obsolete-key': {
    severity: 'notice',
    title: 'A document has a key that clients no longer read',
    why: 'It has no effect.',
    specification: references.wellKnownClient,
    what: ({ key, successor }: { key: string, successor: string }) =>
      `The key ${quote(key)} is obsolete: ${successor}.`,
    fix: 'Remove it.',
    example: { key: 'org.matrix.msc3575.proxy', successor: 'homeservers support simplified sliding sync themselves' }
  },
  'document.key-style': {
    severity: 'notice',
    title: "A key of /client isn't named like a Java package",
    why: "The specification requires names such as com.example.key, so that keys of different projects can't clash.",
    specification: references.wellKnownClient,
    what: ({ keys }: { keys: readonly string[] }) => {
      const listed = listSome(keys.map(quote), maxReported)
      return keys.length === 1
        ? `The key ${listed} isn't named like com.example.key.`
        : `The keys ${listed} aren't named like com.example.key.`
    },
    fix: 'Rename your own keys.',
    example: { keys: ['theme'] }
  }
} as const satisfies FindingKinds

/** An invalid value and the setting that fills it, or how many more there are. */
export type InvalidParts = { readonly message: string, readonly setting: string } | { readonly more: number }

/** How many of a kind are reported for one document; the others are counted. */
const maxReported = 5

const find = findingBuilder(contentFindings)

/** What is wrong with the content of a document. */
export function judgeContent (name: DocumentName, content: JsonObject, context: Context): Finding[] {
  const misplaced = judgePlacement(name, content, context)
  const meant = new Set(misplaced.map(({ parts }) => String(property(parts, 'key'))))
  const faults = findDocumentFaults(name, content)
    .filter(({ path }) => name !== 'support' || !isLegal(content, path))
    // A key that is there under another name isn't missing.
    .filter(({ missing }) => !missing.some(key => meant.has(key)))
  const more = faults.length - maxReported
  return [
    ...misplaced,
    ...faults.slice(0, maxReported).map(({ path, missing, message }) => find('document.invalid', {
      ...context,
      parts: { message, setting: settingOf(name, String([...path, ...missing][0])) },
      evidence: { path }
    })),
    ...more > 0 ? [find('document.invalid', { ...context, parts: { more }, evidence: { more } })] : [],
    ...name === 'support' ? judgeRoles(content, context) : [],
    ...name === 'client' ? judgeClientKeys(Object.keys(content).filter(key => !isSplit(key, meant)), context) : []
  ]
}

/** Whether a key is only the beginning of one that was meant. */
function isSplit (key: string, meant: ReadonlySet<string>): boolean {
  return [...meant].some(name => name.startsWith(`${key}.`))
}

/** The setting that fills a place in a document. */
function settingOf (name: DocumentName, key: string): string {
  const { settings, furtherKeys } = documentKind(name)
  return Object.hasOwn(settings, key) ? String(settings[key]) : furtherKeys
}

function judgeClientKeys (keys: readonly string[], context: Context): Finding[] {
  const obsolete = keys.flatMap(key => {
    const successor = obsoleteClientKeys.get(key)
    return successor === undefined
      ? []
      : [find('document.obsolete-key', { ...context, parts: { key, successor }, evidence: { key } })]
  })
  const odd = keys.filter(key => !Object.hasOwn(documentSchemas.client.properties, key) && !isPackageStyle(key))
  if (odd.length === 0) return obsolete
  const evidence = { keys: odd.slice(0, maxReported) }
  return [...obsolete, find('document.key-style', { ...context, parts: { keys: odd }, evidence })]
}
