import t from 'tap'
import type { Environment } from '../../src/config/environment.ts'
import { faultsOf } from '../support/faults.ts'

const base = { SERVER_NAME: 'example.com' }
const client = { ...base, M_HOMESERVER_BASE_URL: 'https://matrix.example.com' }

t.test('settings that contradict each other, or that belong elsewhere, are refused', async t => {
  const cases: [environment: Environment, ...lines: string[]][] = [
    [{
      ...base,
      M_IDENTITY_SERVER_BASE_URL: 'https://id.example.com',
      LIVEKIT_SERVICE_URL: 'https://rtc.example.com',
      EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"com.example.a":1}'
    },
    'M_IDENTITY_SERVER_BASE_URL is "https://id.example.com": not served, because /client needs ' +
        'M_HOMESERVER_BASE_URL; set that too, or remove M_IDENTITY_SERVER_BASE_URL',
    'LIVEKIT_SERVICE_URL is "https://rtc.example.com": not served, because /client needs M_HOMESERVER_BASE_URL; ' +
        'set that too, or remove LIVEKIT_SERVICE_URL',
    'EXTRA_WELL_KNOWN_CLIENT_CONTENT is "{\\"com.example.a\\":1}": not served, because /client needs ' +
        'M_HOMESERVER_BASE_URL; set that too, or remove EXTRA_WELL_KNOWN_CLIENT_CONTENT'],
    [{ ...base, EXTRA_WELL_KNOWN_SUPPORT_CONTENT: '{"com.example.a":1}' },
      'EXTRA_WELL_KNOWN_SUPPORT_CONTENT is "{\\"com.example.a\\":1}": not served, because /support needs ' +
        'SUPPORT_PAGE or SUPPORT_CONTACTS; set that too, or remove EXTRA_WELL_KNOWN_SUPPORT_CONTENT'],
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"m.homeserver":{"base_url":"https://a.example"}}' },
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT, "m.homeserver", is {"base_url":"https://a.example"}: ' +
        'M_HOMESERVER_BASE_URL fills this key; remove it here'],
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"m.identity_server":{"base_url":"https://a.example"}}' },
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT, "m.identity_server", is {"base_url":"https://a.example"}: ' +
        'M_IDENTITY_SERVER_BASE_URL fills this key; remove it here'],
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"m.server":"m.example.com:443"}' },
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT, "m.server", is "m.example.com:443": a key of /server, not of /client; ' +
        'remove it and set M_SERVER'],
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"contacts":[]}' },
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT, "contacts", is []: a key of /support, not of /client; remove it and set ' +
        'SUPPORT_CONTACTS'],
    [{
      ...client,
      LIVEKIT_SERVICE_URL: 'https://rtc.example.com',
      EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"org.matrix.msc4143.rtc_foci":[]}'
    },
    'EXTRA_WELL_KNOWN_CLIENT_CONTENT, "org.matrix.msc4143.rtc_foci", is []: LIVEKIT_SERVICE_URL fills this key; ' +
        'remove it here'],
    [{
      ...client,
      LIVEKIT_SERVICE_URL: 'https://rtc.example.com',
      EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"m.rtc_foci":[]}'
    },
    'EXTRA_WELL_KNOWN_CLIENT_CONTENT, "m.rtc_foci", is []: LIVEKIT_SERVICE_URL fills the same key under its ' +
        'other name, "org.matrix.msc4143.rtc_foci", so Element X rejects /client; remove one of them'],
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"m.rtc_foci":[],"org.matrix.msc4143.rtc_foci":[]}' },
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT, "m.rtc_foci", is []: the same key is set under its other name, ' +
        '"org.matrix.msc4143.rtc_foci", so Element X rejects /client; keep "org.matrix.msc4143.rtc_foci"'],
    [{
      ...client,
      EXTRA_WELL_KNOWN_CLIENT_CONTENT:
        '{"org.matrix.msc3488.tile_server":{"map_style_url":"https://a.example/s"},"m.tile_server":{"map_style_url' +
          '":"https://a.example/s"}}'
    },
    'EXTRA_WELL_KNOWN_CLIENT_CONTENT, "m.tile_server", is {"map_style_url":"https://a.example/s"}: the same key ' +
        'is set under its other name, "org.matrix.msc3488.tile_server", so Element X rejects /client; keep ' +
        '"org.matrix.msc3488.tile_server"'],
    [{
      ...base,
      SUPPORT_PAGE: 'https://example.com/help',
      EXTRA_WELL_KNOWN_SUPPORT_CONTENT: '{"contacts":[],"support_page":"x","m.homeserver":{}}'
    },
    'EXTRA_WELL_KNOWN_SUPPORT_CONTENT, "contacts", is []: SUPPORT_CONTACTS fills this key; remove it here',
    'EXTRA_WELL_KNOWN_SUPPORT_CONTENT, "support_page", is "x": SUPPORT_PAGE fills this key; remove it here',
    'EXTRA_WELL_KNOWN_SUPPORT_CONTENT, "m.homeserver", is {}: a key of /client, not of /support; remove it and ' +
        'set M_HOMESERVER_BASE_URL'],
    [{
      ...base,
      EXTRA_WELL_KNOWN_DOCUMENTS:
        '{"server":{},"client":{},"support":{},"policy_server":{},"Server":{},"../x":{},"":{},"__proto__":{},"a/b"' +
          ':{},"ok.x-1_y":{}}'
    },
    'EXTRA_WELL_KNOWN_DOCUMENTS has the name "server": a document with settings of its own; use M_SERVER',
    'EXTRA_WELL_KNOWN_DOCUMENTS has the name "client": a document with settings of its own; use ' +
        'M_HOMESERVER_BASE_URL, M_IDENTITY_SERVER_BASE_URL, LIVEKIT_SERVICE_URL or ' +
        'EXTRA_WELL_KNOWN_CLIENT_CONTENT',
    'EXTRA_WELL_KNOWN_DOCUMENTS has the name "support": a document with settings of its own; use ' +
        'SUPPORT_CONTACTS, SUPPORT_PAGE or EXTRA_WELL_KNOWN_SUPPORT_CONTENT',
    'EXTRA_WELL_KNOWN_DOCUMENTS has the name "policy_server": a document with settings of its own; use ' +
        'POLICY_SERVER_ED25519',
    'EXTRA_WELL_KNOWN_DOCUMENTS has the name "Server": not the name of a document; use at most 64 lower-case ' +
        'letters, digits, "-", "_" and ".", and start with a letter or digit',
    'EXTRA_WELL_KNOWN_DOCUMENTS has the name "../x": not the name of a document; use at most 64 lower-case ' +
        'letters, digits, "-", "_" and ".", and start with a letter or digit',
    'EXTRA_WELL_KNOWN_DOCUMENTS has the name "": not the name of a document; use at most 64 lower-case letters, ' +
        'digits, "-", "_" and ".", and start with a letter or digit',
    'EXTRA_WELL_KNOWN_DOCUMENTS has the name "__proto__": not the name of a document; use at most 64 lower-case ' +
        'letters, digits, "-", "_" and ".", and start with a letter or digit',
    'EXTRA_WELL_KNOWN_DOCUMENTS has the name "a/b": not the name of a document; use at most 64 lower-case ' +
        'letters, digits, "-", "_" and ".", and start with a letter or digit']
  ]
  for (const [environment, ...lines] of cases) t.strictSame(faultsOf(environment), lines, JSON.stringify(environment))
})

t.test('other keys and documents are accepted', async t => {
  const tileServer = '{"map_style_url":"https://a.example/s"}'
  const cases: Environment[] = [
    { ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"org.matrix.msc4143.rtc_foci":[{"type":"com.example.sfu"}]}' },
    { ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: `{"m.rtc_foci":[],"m.tile_server":${tileServer}}` },
    {
      ...base,
      SUPPORT_CONTACTS: '[{"role":"m.role.admin","email_address":"a@b"}]',
      EXTRA_WELL_KNOWN_SUPPORT_CONTENT: '{"a":1}'
    },
    { ...base, EXTRA_WELL_KNOWN_DOCUMENTS: '{"constructor":{},"a.b-c_9":{"m.server":"x"}}' }
  ]
  for (const environment of cases) t.strictSame(faultsOf(environment), [], JSON.stringify(environment))
})

t.test('a document that readers would not read in full is refused, with its longest setting', async t => {
  const long = 'x'.repeat(51_200)
  const page = `https://example.com/${long}`
  const contacts = '[{"role":"m.role.admin","email_address":"a@example.com"}]'
  const cases: [environment: Environment, variable: string, document: string, size: number][] = [
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: JSON.stringify({ a: long }) },
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT', 'client', 51_265],
    [{ ...base, SUPPORT_PAGE: page, SUPPORT_CONTACTS: contacts },
      'SUPPORT_PAGE', 'support', 51_308],
    [{ ...base, SUPPORT_PAGE: 'https://a.example', EXTRA_WELL_KNOWN_SUPPORT_CONTENT: JSON.stringify({ a: long }) },
      'EXTRA_WELL_KNOWN_SUPPORT_CONTENT', 'support', 51_243],
    [{ ...base, EXTRA_WELL_KNOWN_DOCUMENTS: JSON.stringify({ a: {}, b: { c: long } }) },
      'EXTRA_WELL_KNOWN_DOCUMENTS', 'b', 51_208]
  ]
  for (const [environment, variable, document, size] of cases) {
    const [line, ...others] = faultsOf(environment)
    t.match(line, new RegExp(`^${variable} is ".{79,130}…": `), variable)
    t.match(line,
      `: makes /.well-known/matrix/${document} ${size} bytes long, more than the 51199 that Synapse reads; shorten it`)
    t.strictSame(others, [])
  }
  const exact = { ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: JSON.stringify({ a: 'x'.repeat(51_199 - 65) }) }
  t.strictSame(faultsOf(exact), [])
  const variables = faultsOf({ PORT: 'x', SUPPORT_PAGE: page }).map(line => line.split(' ')[0])
  t.strictSame(variables, ['SERVER_NAME', 'SUPPORT_PAGE', 'PORT'])
})
