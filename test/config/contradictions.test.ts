import t from 'tap'
import { faultsOf } from '../support/faults.ts'

const base = { SERVER_NAME: 'example.com' }
const client = { ...base, M_HOMESERVER_BASE_URL: 'https://matrix.example.com' }

t.test('a client setting is refused where it would be served nowhere', async t => {
  const advice = 'it would be served nowhere, since /client needs M_HOMESERVER_BASE_URL: set that too, or leave this out'
  t.strictSame(faultsOf({
    ...base,
    M_IDENTITY_SERVER_BASE_URL: 'https://id.example.com',
    LIVEKIT_SERVICE_URL: 'https://rtc.example.com',
    EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"com.example.a":1}'
  }), [
    `M_IDENTITY_SERVER_BASE_URL is "https://id.example.com": ${advice}`,
    `LIVEKIT_SERVICE_URL is "https://rtc.example.com": ${advice}`,
    `EXTRA_WELL_KNOWN_CLIENT_CONTENT is "{\\"com.example.a\\":1}": ${advice}`
  ])
})

t.test('a document that readers would cut off is refused', async t => {
  const long = 'x'.repeat(51_200)
  t.strictSame(faultsOf({ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: JSON.stringify({ 'com.example.a': long }) }), [
    `EXTRA_WELL_KNOWN_CLIENT_CONTENT is "{\\"com.example.a\\":\\"${'x'.repeat(62)}…": with it /.well-known/matrix/client is 51277 bytes long and Synapse reads at most 51199, shorten it`
  ])
  t.strictSame(faultsOf({ ...base, SUPPORT_PAGE: `https://example.com/${long}` }), [
    `SUPPORT_PAGE is "https://example.com/${'x'.repeat(60)}…": with it /.well-known/matrix/support is 51239 bytes long and Synapse reads at most 51199, shorten it`
  ])
  t.strictSame(faultsOf({ PORT: 'x', SUPPORT_PAGE: `https://example.com/${long}` }).map(line => line.split(' ')[0]), ['SERVER_NAME', 'SUPPORT_PAGE', 'PORT'])
  t.match(faultsOf({ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}` }), [/: nested too deeply$/])
})
