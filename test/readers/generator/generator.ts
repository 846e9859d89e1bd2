import { createPrivateKey, createPublicKey } from 'node:crypto'
import fc from 'fast-check'
import type { Configuration } from '../configurations/configuration.ts'
import { clientKeys, json } from './client-keys.ts'
import { baseUrl, host, label, mostly, padded, secureUrl, tlsPort, withPort } from './names.ts'
import type { Value } from './names.ts'
import type { Meaning } from '../meaning.ts'

/** Some settings, and what they mean. */
interface Part {
  readonly settings: Readonly<Record<string, string>>
  readonly meaning: Meaning
}

/** One setting. */
function setting (
  name: string, value: fc.Arbitrary<Value>, meaning: (means: string) => Meaning
): fc.Arbitrary<Part> {
  return value.map(({ text, means }) => ({ settings: { [name]: text }, meaning: meaning(means) }))
}

const server = mostly(
  setting('M_SERVER', padded(withPort(host, tlsPort)), server => ({ server })),
  setting('SERVE_SERVER_WELLKNOWN', padded(fc.constant('false')), () => ({}))
)
const homeserver = setting('M_HOMESERVER_BASE_URL', padded(baseUrl), baseUrl => ({ baseUrl }))
const identityServer = setting('M_IDENTITY_SERVER_BASE_URL', padded(baseUrl), identityServer => ({ identityServer }))
const keys = setting('EXTRA_WELL_KNOWN_CLIENT_CONTENT', padded(clientKeys), text => ({ keys: JSON.parse(text) }))
const calls = fc.array(padded(baseUrl), { minLength: 1, maxLength: 3 }).map((urls): Part => {
  const foci = urls.map(({ means }) => ({ type: 'livekit', livekit_service_url: means }))
  return {
    settings: { LIVEKIT_SERVICE_URL: urls.map(({ text }) => text).join() },
    meaning: { keys: { 'org.matrix.msc4143.rtc_foci': foci } }
  }
})

const localpart = mostly(
  fc.stringMatching(/^[a-z0-9._=/+-]{1,12}$/),
  fc.constantFrom('', 'Admin', 'jürgen', 'a b', 'a:b', '@')
)
const userId = fc.tuple(localpart, withPort(host, tlsPort)).map(([localpart, server]) => `@${localpart}:${server}`)
const email = mostly(
  fc.emailAddress(),
  fc.constantFrom('"a b"@example.com', 'a@localhost', 'a@[192.0.2.1]', 'ä@example.com', 'A <a@example.com>')
)
const pgpKey = mostly<unknown>(
  fc.constantFrom('https://example.com/key.asc', 'openpgp4fpr:4496C8F5A7C2F4F0D8B5F5F6A7C2F4F0D8B5F5F6',
    'dns:5d2d._openpgpkey.example.com?type=OPENPGPKEY'),
  json
)
const role = mostly<unknown>(
  fc.constantFrom('m.role.admin', 'm.role.security', 'support.feline.msc4121.role.moderator', 'com.example.role'),
  json
)
const more = { 'dev.zirco.msc4439.pgp_key': pgpKey, 'com.example.hours': json }
const contact = fc.oneof(
  fc.record({ role, matrix_id: userId, ...more }, { requiredKeys: ['role', 'matrix_id'] }),
  fc.record({ role, email_address: email, ...more }, { requiredKeys: ['role', 'email_address'] })
)
const someContacts = fc.array(contact, { minLength: 1, maxLength: 3 }).map(list => JSON.stringify(list))
const contacts = setting('SUPPORT_CONTACTS', padded(someContacts), text => ({ contacts: JSON.parse(text) }))
const pageUrl = fc.oneof(
  secureUrl,
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.constant('mailto:help@example.com?subject=Matrix')
)
const supportPage = setting('SUPPORT_PAGE', padded(pageUrl), supportPage => ({ supportPage }))

const privateKey = fc.uint8Array({ minLength: 32, maxLength: 32 })
/** A public key in a usual spelling of base64. */
const policyKey = fc.tuple(privateKey, fc.boolean(), mostly(fc.constant(''), fc.constant('=')))
  .map(([privateKey, urlSafe, padding]): Part => {
    const bytes = publicKeyOf(privateKey)
    const policyKey = bytes.toString('base64').replace('=', '')
    const text = urlSafe ? bytes.toString('base64url') : policyKey
    return { settings: { POLICY_SERVER_ED25519: text + padding }, meaning: { policyKey } }
  })

/** Of a private key of Ed25519 (RFC 8410 §7). */
function publicKeyOf (privateKey: Uint8Array): Buffer {
  const key = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), privateKey])
  return createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }))
    .export({ format: 'der', type: 'spki' }).subarray(-32)
}

/** Half of all settings are missing. */
function optional (part: fc.Arbitrary<Part>): fc.Arbitrary<Part> {
  return fc.oneof(part, fc.constant<Part>({ settings: {}, meaning: {} }))
}

function merge (parts: readonly Part[]): Part {
  const keys = Object.assign({}, ...parts.map(({ meaning }) => meaning.keys))
  return {
    settings: Object.assign({}, ...parts.map(({ settings }) => settings)),
    meaning: Object.assign({}, ...parts.map(({ meaning }) => meaning), { keys })
  }
}

/** Without a homeserver, the server refuses the rest. */
const client = fc.tuple(homeserver, ...[identityServer, calls, keys].map(optional)).map(merge)
const parts = fc.tuple(...[server, client, contacts, supportPage, policyKey].map(optional)).map(merge)
const domain = fc.constantFrom('example.com', 'Example.ORG', 'xn--mnchen-3ya.example')

/** Settings of every kind, most of them right. The server name has this number in it, so that no two are the same. */
export function configuration (number: number): fc.Arbitrary<Configuration> {
  const name = fc.tuple(label, domain).map(([label, domain]) => `${label}.n${number}.${domain}`)
  const serverName = withPort(name, tlsPort)
  return fc.tuple(serverName, parts).map(([serverName, { settings, meaning }]) => {
    const server = /:\d+$/.test(serverName) ? serverName : `${serverName}:443`
    const all = { SERVER_NAME: serverName, ...settings }
    return {
      title: JSON.stringify(all),
      settings: all,
      meaning: settings.SERVE_SERVER_WELLKNOWN === undefined ? { server, ...meaning } : meaning,
      outcome: 'either'
    }
  })
}
