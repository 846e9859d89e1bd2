import { optionalClientKeys } from './client-keys.ts'

/** @see https://spec.matrix.org/latest/client-server-api/#getwell-knownmatrixsupport */
export const contactsSchema = {
  type: 'array',
  minItems: 1,
  items: {
    type: 'object',
    required: ['role'],
    anyOf: [{ required: ['matrix_id'] }, { required: ['email_address'] }],
    properties: {
      role: { type: 'string', format: 'matrix-contact-role' },
      matrix_id: { type: 'string', format: 'matrix-user-id' },
      email_address: { type: 'string', format: 'email-address' },
      'dev.zirco.msc4439.pgp_key': { type: 'string', format: 'key-uri' }
    }
  }
} as const

const baseUrlObject = {
  type: 'object',
  required: ['base_url'],
  properties: { base_url: { type: 'string', format: 'base-url' } }
} as const

/** What readers require of each document: JSON Schemas, with the formats of `string-formats.ts`. */
export const documentSchemas = {
  /** @see https://spec.matrix.org/latest/server-server-api/#getwell-knownmatrixserver */
  server: {
    type: 'object',
    required: ['m.server'],
    properties: { 'm.server': { type: 'string', format: 'matrix-delegated-server-name' } }
  },
  /** @see https://spec.matrix.org/latest/client-server-api/#getwell-knownmatrixclient */
  client: {
    type: 'object',
    required: ['m.homeserver'],
    properties: { 'm.homeserver': baseUrlObject, 'm.identity_server': baseUrlObject, ...optionalClientKeys }
  },
  support: {
    type: 'object',
    anyOf: [{ required: ['contacts'] }, { required: ['support_page'] }],
    properties: { contacts: contactsSchema, support_page: { type: 'string', format: 'support-page' } }
  },
  /** @see https://spec.matrix.org/latest/server-server-api/#getwell-knownmatrixpolicy_server */
  policy_server: {
    type: 'object',
    required: ['public_keys'],
    properties: {
      public_keys: {
        type: 'object',
        required: ['ed25519'],
        properties: { ed25519: { type: 'string', format: 'matrix-published-key' } },
        additionalProperties: { type: 'string' }
      }
    }
  }
} as const
