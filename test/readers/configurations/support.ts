import { refusable } from './configuration.ts'
import type { Row } from './configuration.ts'

type Contact = Readonly<Record<string, unknown>>

/** Contacts by title. */
function contacts (values: Readonly<Record<string, Contact>>): readonly Row[] {
  return Object.entries(values).map(([title, contact]) => ({
    title: `a contact: ${title}`,
    settings: { SUPPORT_CONTACTS: JSON.stringify([contact]) },
    meaning: { contacts: [contact] }
  }))
}

/** Values of `SUPPORT_PAGE`. */
function supportPages (values: readonly string[]): readonly Row[] {
  return values.map(page =>
    ({ title: `a support page: ${page}`, settings: { SUPPORT_PAGE: page }, meaning: { supportPage: page } }))
}

const admin = { role: 'm.role.admin', matrix_id: '@admin:example.com', email_address: 'admin@example.com' }
const security = { role: 'm.role.security', email_address: 'security@example.com' }
const pgpKey = (key: unknown): Contact => ({ ...admin, 'dev.zirco.msc4439.pgp_key': key })
const policyKey = '6yhHGKhCiXTSEN2ksjV7kX/N6rBQZ3Xb+M7LlC6NS+s'

/** Spellings of one `POLICY_SERVER_ED25519` by title. */
function policyKeys (values: Readonly<Record<string, string>>): readonly Row[] {
  return Object.entries(values).map(([title, key]) =>
    ({ title: `a policy key: ${title}`, settings: { POLICY_SERVER_ED25519: key }, meaning: { policyKey } }))
}

export const supportRows: readonly Row[] = [
  ...supportPages(['https://example.com/help?a=1#b', 'http://example.com']),
  {
    title: 'a support page and two contacts',
    settings: { SUPPORT_PAGE: 'https://example.com', SUPPORT_CONTACTS: JSON.stringify([admin, security]) },
    meaning: { supportPage: 'https://example.com', contacts: [admin, security] }
  },
  ...contacts({
    'a user ID and an address': admin,
    'only an address': security,
    'a moderator': { role: 'support.feline.msc4121.role.moderator', matrix_id: '@mod:example.com' },
    'a custom role': { role: 'com.example.role.printers', email_address: 'printers@example.com' },
    'every character of a user ID': { role: 'm.role.admin', matrix_id: '@a.b_c=d-e/f+g:[2001:db8::1]:8448' },
    'an unknown field': { ...admin, 'com.example.hours': '9-17' },
    'a PGP key at a URL': pgpKey('https://example.com/key.asc'),
    'a PGP key by its fingerprint': pgpKey('openpgp4fpr:4496C8F5A7C2F4F0D8B5F5F6A7C2F4F0D8B5F5F6')
  }),
  ...policyKeys({ 'in the standard alphabet': policyKey }),
  ...refusable([
    ...supportPages(['mailto:help@example.com']),
    ...contacts({
      'a PGP key that is not a URI': pgpKey('my key'),
      'a PGP key that is a number': pgpKey(1),
      'a historical user ID': { role: 'm.role.admin', matrix_id: '@jürgen:example.com' },
      'an empty localpart': { role: 'm.role.admin', matrix_id: '@:example.com' },
      'a quoted address': { role: 'm.role.admin', email_address: '"a b"@example.com' },
      'a user ID without a server': { role: 'm.role.admin', matrix_id: '@admin' }
    }),
    ...policyKeys({
      'in the URL-safe alphabet': policyKey.replaceAll('/', '_').replaceAll('+', '-'),
      'with padding': `${policyKey}=`,
      'with unused bits': `${policyKey.slice(0, -1)}t`
    })
  ])
]
