import t from 'tap'
import { buildDocuments } from '../../src/site/documents.ts'
import type { Site } from '../../src/site/site.ts'
import { emptySite } from '../support/empty-site.ts'

const contact = { role: 'm.role.admin', matrix_id: '@admin:example.com' }

t.test('builds the documents that are configured and no others', async t => {
  const cases: [name: string, site: Partial<Site>, json: string, target: string][] = [
    ['server', { delegatedServer: 'm.example.com:443' }, '{"m.server":"m.example.com:443"}', 'm.example.com:443'],
    ['client', { homeserverBaseUrl: 'https://m.example.com' },
      '{"m.homeserver":{"base_url":"https://m.example.com"}}', 'https://m.example.com'],
    ['support', { supportPage: 'https://example.com/help' },
      '{"support_page":"https://example.com/help"}', 'https://example.com/help'],
    ['support', { supportContacts: [contact, contact] },
      `{"contacts":[${JSON.stringify(contact)},${JSON.stringify(contact)}]}`, 'contacts: 2'],
    ['policy_server', { policyServerKey: 'abc' }, '{"public_keys":{"ed25519":"abc"}}', 'ed25519 abc']
  ]
  for (const [name, site, json, target] of cases) {
    const documents = buildDocuments({ ...emptySite, ...site })
    t.strictSame(documents.map(document => document.name), [name])
    t.equal(JSON.stringify(documents[0]?.content), json)
    t.equal(documents[0]?.target, target)
  }
  t.strictSame(buildDocuments(emptySite), [])
})

t.test('keys of /client are in order: homeserver, identity server, settings, then extras as given', async t => {
  const [client] = buildDocuments({
    ...emptySite,
    homeserverBaseUrl: 'https://m.example.com',
    identityServerBaseUrl: 'https://id.example.com',
    livekitServiceUrls: ['https://rtc1.example.com', 'https://rtc2.example.com'],
    extraClientContent: { 'org.example.z': 1, 'org.example.a': 'é', ['__proto__']: { a: 1 } }
  })
  t.equal(JSON.stringify(client?.content), '{' + [
    '"m.homeserver":{"base_url":"https://m.example.com"}',
    '"m.identity_server":{"base_url":"https://id.example.com"}',
    '"org.matrix.msc4143.rtc_foci":[{"type":"livekit","livekit_service_url":"https://rtc1.example.com"}',
    '{"type":"livekit","livekit_service_url":"https://rtc2.example.com"}]',
    '"org.example.z":1',
    '"org.example.a":"é"',
    '"__proto__":{"a":1}'
  ].join(',') + '}')
})
