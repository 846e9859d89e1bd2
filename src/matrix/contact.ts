import { InvalidValueError } from './invalid-value.ts'

/**
 * Accepts the role of a contact: `m.role.admin`, `m.role.security`, or another namespaced identifier.
 *
 * @throws {InvalidValueError} if it is not one.
 * @see https://spec.matrix.org/latest/client-server-api/#getwell-knownmatrixsupport
 * @see https://spec.matrix.org/latest/appendices/#common-namespaced-identifier-grammar
 */
export function parseRole (input: string): string {
  if (/^[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)+$/.test(input) && input.length <= 255) return input
  const known = ['m.role.admin', 'm.role.security'].find(role => role.endsWith(`.${input.toLowerCase()}`))
  const fix = 'use m.role.admin, m.role.security or one such as com.example.role'
  throw new InvalidValueError('ERR_ROLE', input, 'not a role', fix, known)
}

/**
 * Accepts an email address: a local part, which may be in quotes, an "@" and a domain.
 *
 * @throws {InvalidValueError} if it is not one.
 */
export function parseEmailAddress (input: string): string {
  const address = /^("([^"\\\p{C}]|\\[^\p{C}])+"|[^\s@<>"]+)@[^\s@<>".]+(\.[^\s@<>".]+)*$/u
  if (address.test(input) && !/^mailto:/i.test(input)) return input
  const rest = input.replace(/^mailto:/i, '')
  const only = rest !== input && address.test(rest) ? rest : undefined
  throw new InvalidValueError('ERR_EMAIL', input, 'not an email address', 'write one such as admin@example.com', only)
}

/**
 * Accepts the place of a contact's PGP key: an `https:`, `openpgp4fpr:` or `dns:` URI.
 *
 * @throws {InvalidValueError} if it is not one.
 * @see https://github.com/matrix-org/matrix-spec-proposals/pull/4439
 */
export function parseKeyUri (input: string): string {
  if (/^(openpgp4fpr:[\da-f]+|dns:[!-~]+)$/i.test(input)) return input
  if (/^https:\/\/[!-~]+$/i.test(input) && URL.canParse(input)) return input
  const fix = 'use one that starts with https:, openpgp4fpr: or dns:'
  throw new InvalidValueError('ERR_KEY', input, 'not the URI of a key', fix)
}
