import { clientRows } from './client.ts'
import { withDefaults } from './configuration.ts'
import type { Configuration, Row } from './configuration.ts'
import { delegationRows } from './delegation.ts'
import { supportRows } from './support.ts'

const everything: Row = {
  title: 'everything',
  settings: {
    M_SERVER: 'matrix.example.com:443',
    M_HOMESERVER_BASE_URL: 'https://matrix.example.com',
    M_IDENTITY_SERVER_BASE_URL: 'https://id.example.com',
    LIVEKIT_SERVICE_URL: 'https://rtc.example.com',
    EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"io.element.e2ee":{"default":true}}',
    SUPPORT_PAGE: 'https://example.com/help',
    SUPPORT_CONTACTS: '[{"role":"m.role.admin","email_address":"admin@example.com"}]',
    POLICY_SERVER_ED25519: '6yhHGKhCiXTSEN2ksjV7kX/N6rBQZ3Xb+M7LlC6NS+s',
    CACHE_MAX_AGE: '172800'
  },
  meaning: {
    server: 'matrix.example.com:443',
    baseUrl: 'https://matrix.example.com',
    identityServer: 'https://id.example.com',
    keys: {
      'org.matrix.msc4143.rtc_foci': [{ type: 'livekit', livekit_service_url: 'https://rtc.example.com' }],
      'io.element.e2ee': { default: true }
    },
    supportPage: 'https://example.com/help',
    contacts: [{ role: 'm.role.admin', email_address: 'admin@example.com' }],
    policyKey: '6yhHGKhCiXTSEN2ksjV7kX/N6rBQZ3Xb+M7LlC6NS+s'
  }
}

/** At least one for every setting that readers can notice. */
export const configurations: readonly Configuration[] = [everything, ...delegationRows, ...clientRows, ...supportRows]
  .map(withDefaults)
