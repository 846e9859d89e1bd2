import { quote } from './printable.ts'

/**
 * Why a host name breaks the rules of IDNA2008, which Synapse applies to each host that it connects to: the part
 * between two dots and its fault. Undefined if it keeps them.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5891#section-4.2.3
 */
export function findInvalidLabel (host: string): string | undefined {
  for (const label of host.toLowerCase().split('.')) {
    const fault = explainLabel(label)
    if (fault !== undefined) return `${quote(label)}, which ${fault}`
  }
  return undefined
}

/** Whether a part isn't Punycode, or encodes a control character: newer URL parsers don't refuse these. */
export function hasInvalidPunycode (host: string): boolean {
  if (!/xn--/i.test(host)) return false
  return host.toLowerCase().split('.').some(label =>
    label.startsWith('xn--') && /^$|\p{Cc}/u.test(decodePunycode(label.slice('xn--'.length)) ?? ''))
}

function explainLabel (label: string): string | undefined {
  if (label.startsWith('-')) return 'starts with "-"'
  if (label.endsWith('-')) return 'ends in "-"'
  if (!/^..--/.test(label)) return undefined
  if (!label.startsWith('xn--')) return 'has "--" as third and fourth characters'
  const decoded = decodePunycode(label.slice('xn--'.length))
  const [wrong] = disallowed.exec(decoded ?? '') ?? []
  if (wrong !== undefined) return `encodes ${quote(wrong)}, which isn't a letter or digit`
  return decoded === undefined ? "isn't Punycode" : undefined
}

/**
 * All but letters, digits, marks after them, and the exceptions: symbols such as emoji, which URL parsers accept.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5892#section-2.6
 */
const disallowed = /^\p{M}|[^\p{L}\p{M}\p{Nd}\u00b7\u0375\u05f3\u05f4\u06fd\u06fe\u0f0b\u200c-\u200d\u3007\u30fb-]/u

const digits = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** @see https://www.rfc-editor.org/rfc/rfc3492#section-6.2 */
function decodePunycode (text: string): string | undefined {
  const hyphen = text.lastIndexOf('-')
  const codePoints = [...text.slice(0, Math.max(hyphen, 0))].map(character => character.charCodeAt(0))
  let codePoint = 128
  let bias = 72
  let index = 0
  for (let position = hyphen + 1; position < text.length;) {
    const start = index
    let weight = 1
    for (let base = digits.length; ; base += digits.length) {
      const digit = digits.indexOf(text.charAt(position++) || '-')
      if (digit === -1) return undefined
      index += digit * weight
      const threshold = Math.min(Math.max(base - bias, 1), 26)
      if (digit < threshold) break
      weight *= digits.length - threshold
    }
    const length = codePoints.length + 1
    bias = adaptBias(index - start, length, start === 0)
    codePoint += Math.floor(index / length)
    if (codePoint > 0x10ffff) return undefined
    index %= length
    codePoints.splice(index++, 0, codePoint)
  }
  return String.fromCodePoint(...codePoints)
}

/** @see https://www.rfc-editor.org/rfc/rfc3492#section-6.1 */
function adaptBias (delta: number, length: number, isFirst: boolean): number {
  let rest = Math.floor(delta / (isFirst ? 700 : 2))
  rest += Math.floor(rest / length)
  let bias = 0
  for (; rest > 455; bias += digits.length) rest = Math.floor(rest / 35)
  return bias + Math.floor(36 * rest / (rest + 38))
}
