import { InvalidValueError } from './invalid-value.ts'

/**
 * Accepts the role of a contact: `m.role.admin`, `m.role.security`, or another namespaced identifier.
 *
 * @throws {InvalidValueError} when it is none.
 * @see https://spec.matrix.org/latest/client-server-api/#getwell-knownmatrixsupport
 * @see https://spec.matrix.org/latest/appendices/#common-namespaced-identifier-grammar
 */
export function parseRole (input: string): string {
  if (/^[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)+$/.test(input) && input.length <= 255) return input
  const known = ['m.role.admin', 'm.role.security'].find(role => role.endsWith(`.${input.toLowerCase()}`))
  throw new InvalidValueError('ERR_ROLE', input,
    'not a role such as m.role.admin, m.role.security or com.example.role', known)
}

/**
 * Accepts an email address: something, an "@", a domain.
 *
 * @throws {InvalidValueError} when it is none.
 */
export function parseEmailAddress (input: string): string {
  if (/^[^\s@<>]+@[^\s@<>.]+(\.[^\s@<>.]+)*$/.test(input) && !input.startsWith('mailto:')) return input
  throw new InvalidValueError('ERR_EMAIL', input, 'not an email address such as admin@example.com')
}
