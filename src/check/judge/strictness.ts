import { isDeepStrictEqual } from 'node:util'
import { describeBothNames } from '../../matrix/client-keys.ts'
import type { JsonObject } from '../../matrix/json-object.ts'
import { quote } from '../../matrix/printable.ts'
import { listKeys } from '../network/body-text.ts'
import { decodeBody } from '../network/content-encoding.ts'
import type { Response } from '../network/peer.ts'
import { valuesOf } from '../network/response-headers.ts'
import { parsedFields } from '../readers/element-x.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { references } from './references.ts'

export const strictnessFindings = {
  'document.duplicate-key': {
    severity: 'notice',
    title: 'A document has a duplicate key',
    why: 'Element X rejects the whole document if it reads that key. Other readers take one of the values.',
    specification: references.wellKnownUris,
    what: ({ keys }: DuplicateParts) => {
      const [key, other] = keys
      return other === undefined
        ? `The key ${quote(key)} appears twice.`
        : describeBothNames(String(key), other)
    },
    fix: ({ keys: [key, other], areEqual }: DuplicateParts) => {
      if (other === undefined) return 'Remove one of the two.'
      const readBy = `${quote(other)} is read by all clients.`
      return areEqual
        ? `Remove ${quote(key)}: only ${readBy}`
        : `Move what is needed from ${quote(key)} to ${quote(other)}, and remove ${quote(key)}: only ${readBy}`
    },
    example: { keys: ['m.tile_server', 'org.matrix.msc3488.tile_server'], areEqual: true }
  },
  'document.surrogate': {
    severity: 'notice',
    title: 'A key of a document has half a surrogate pair',
    why: "It isn't valid Unicode. Element X rejects the whole document.",
    specification: references.wellKnownUris,
    what: ({ key }: { key: string }) => `The key ${quote(key)} has half a surrogate pair.`,
    fix: 'Write the whole character, or remove the key.',
    example: { key: 'com.example.\ud800' }
  },
  'document.content-encoding': {
    severity: 'warning',
    title: "A document has a Content-Encoding that wasn't asked for, or is wrong",
    why: 'Synapse reads the response as it is. Browsers, Go and curl decode it first.',
    specification: references.wellKnownUris,
    what: ({ encoding, isDecodable }: { encoding: string, isDecodable: boolean }) => isDecodable
      ? `The response is compressed (${encoding}), although the request doesn't ask for that.`
      : `The Content-Encoding is ${encoding}, but the response can't be decoded that way.`,
    fix: 'Remove the Content-Encoding header, and compress the response only for readers that ask for it: in nginx, ' +
      'with "gzip on" instead of a header of your own.',
    example: { encoding: 'gzip', isDecodable: false }
  }
} as const satisfies FindingKinds

export interface DuplicateParts {
  /** One key that appears twice; or two names of the same, the one that not all clients read first. */
  readonly keys: readonly string[]
  /** Whether both have the same value, if there are two names. */
  readonly areEqual: boolean
}

const find = findingBuilder(strictnessFindings)

/**
 * A Content-Encoding that was not asked for, or is not how the body is encoded.
 *
 * @param isAskedFor whether the request asked for compression.
 */
export function judgeEncoding (
  response: Response,
  isAskedFor: boolean,
  context: Context,
  evidence: Finding['evidence']
): Finding[] {
  const encoding = valuesOf(response, 'content-encoding').join(', ')
  if (encoding === '' || encoding.toLowerCase() === 'identity') return []
  const isDecodable = decodeBody(response) !== undefined
  if (isDecodable && isAskedFor) return []
  return [find('document.content-encoding', { ...context, parts: { encoding, isDecodable }, evidence })]
}

/** What only strict readers object to in a JSON object. */
export function judgeStrictness (text: string, content: JsonObject, context: Context): Finding[] {
  const keys = listKeys(text)
  const broken = Object.keys(content).find(key => !key.isWellFormed())
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const { object, key } of keys) {
    const place = `${object} ${key}`
    if (seen.has(place)) repeated.add(key)
    seen.add(place)
  }
  const top = new Set(keys.filter(({ path }) => path.length === 0).map(({ key }) => key))
  const aliases = parsedFields.filter(names => names.length > 1 && names.every(name => top.has(name)))
  return [
    ...[...[...repeated].slice(0, maxReported).map(key => [key]), ...aliases.map(names => names.toReversed())]
      .map(keys => {
        const [first, ...others] = keys.map(key => content[key])
        const areEqual = others.every(other => isDeepStrictEqual(first, other))
        return find('document.duplicate-key', { ...context, parts: { keys, areEqual } })
      }),
    ...broken === undefined ? [] : [find('document.surrogate', { ...context, parts: { key: broken } })]
  ]
}

/** How many repeated keys are reported. */
const maxReported = 3
