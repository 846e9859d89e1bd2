import { parseRole } from '../../matrix/contact.ts'
import { findInvalidValue } from '../../matrix/invalid-value.ts'
import { property } from '../../matrix/json-object.ts'
import type { JsonObject } from '../../matrix/json-object.ts'
import { quote } from '../../matrix/printable.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { references } from './references.ts'

export const contactFindings = {
  'document.contact-role': {
    severity: 'notice',
    title: "A contact has a role that the specification doesn't define",
    why: 'Clients read the contact, but show its role as it is written.',
    specification: references.wellKnownUris,
    what: ({ role }: { role: string }) => `A contact has the role ${quote(role)}.`,
    fix: 'Use m.role.admin or m.role.security.',
    example: { role: 'admin' }
  }
} as const satisfies FindingKinds

const find = findingBuilder(contactFindings)

/** The first unknown role of a contact in `/support`. */
export function judgeRoles (content: JsonObject, context: Context): Finding[] {
  const role = listOf(content).map(contact => property(contact, 'role')).find(isUnknownRole)
  return typeof role === 'string' ? [find('document.contact-role', { ...context, parts: { role } })] : []
}

/** Whether a place in `/support` is legal, although we refuse to publish it: no contacts next to a page, any role. */
export function isLegal (content: JsonObject, [key, index, field]: readonly string[]): boolean {
  if (key !== 'contacts') return false
  if (index === undefined) return Array.isArray(content['contacts']) && 'support_page' in content
  return field === 'role' && typeof property(listOf(content)[Number(index)], 'role') === 'string'
}

function listOf ({ contacts }: JsonObject): readonly unknown[] {
  return Array.isArray(contacts) ? contacts : []
}

function isUnknownRole (role: unknown): boolean {
  return typeof role === 'string' && findInvalidValue(parseRole, role) !== undefined
}
