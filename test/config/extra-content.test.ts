import t from 'tap'
import { loadSite } from '../../src/config/site-config.ts'
import { respond } from '../../src/site/responses.ts'

t.test('further documents and keys are served', async t => {
  const site = loadSite({
    SERVER_NAME: 'example.com',
    SUPPORT_PAGE: 'mailto:help@example.com',
    EXTRA_WELL_KNOWN_SUPPORT_CONTENT: '{"com.example.a":1}',
    EXTRA_WELL_KNOWN_DOCUMENTS: '{"mautrix":{"fi.mau.bridges":["https://bridges.example.com"]}}'
  })
  const bodies = {
    mautrix: '{"fi.mau.bridges":["https://bridges.example.com"]}',
    support: '{"support_page":"mailto:help@example.com","com.example.a":1}'
  }
  for (const [name, body] of Object.entries(bodies)) {
    t.match(respond(site, { method: 'GET', path: `/.well-known/matrix/${name}`, headers: {} }), { status: 200, body })
  }
  t.match(respond(site, { method: 'GET', path: '/.well-known/matrix/other', headers: {} }), { status: 404 })
})
