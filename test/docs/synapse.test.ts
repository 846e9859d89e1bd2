import t from 'tap'
import { loadSite } from '../../src/config/site-config.ts'
import type { Environment } from '../../src/config/environment.ts'
import { respond } from '../../src/site/responses.ts'
import { faultsOf } from '../support/faults.ts'
import { readPage } from '../support/pages.ts'

const base = {
  SERVER_NAME: 'example.com',
  M_SERVER: 'matrix.example.com:443',
  M_HOMESERVER_BASE_URL: 'https://matrix.example.com'
}

/** The rows below a heading of docs/synapse.md that have a setting, by their cells. */
function readRows (heading: string): string[][] {
  const [, section = ''] = readPage('docs/synapse.md').split(`### ${heading}\n`)
  const [table = ''] = section.split(/^#/m)
  return [...table.matchAll(/^\| (.*) \|$/gm)]
    .map(([, row = '']) => row.split(/(?<!\\) \| /))
    .filter(cells => cells.some(cell => findSettings(cell).length > 0))
}

function findSettings (cell: string): [name: string, value: string][] {
  return [...cell.matchAll(/`([A-Z_]{4,})=([^`]*)`/g)].map(([, name = '', value = '']) => [name, value])
}

/** What is before the value of a setting in `/client`. */
const keys: Readonly<Record<string, string>> = {
  M_HOMESERVER_BASE_URL: '"m.homeserver":{"base_url"',
  M_IDENTITY_SERVER_BASE_URL: '"m.identity_server":{"base_url"',
  EXTRA_WELL_KNOWN_CLIENT_CONTENT: '"com.example.a"'
}

t.test('values are written as the page on Synapse says', async t => {
  const rows = readRows('Values that are written differently')
  t.ok(rows.length >= 10)
  for (const [setting = '', , here = ''] of rows) {
    const [[name = '', value] = []] = findSettings(setting)
    const site = loadSite({ ...base, [name]: value })
    const { body } = respond(site, { method: 'GET', path: '/.well-known/matrix/client', headers: {} })
    t.match(body, `${keys[name]}:${here.replaceAll('`', '')}}`, setting)
  }
})

t.test('values are refused as the page on Synapse says', async t => {
  const rows = readRows('Values that only this project refuses')
  t.ok(rows.length > 25)
  for (const [what = '', example = ''] of rows) {
    const settings: Environment = Object.fromEntries(findSettings(example))
    const faults = faultsOf({ ...base, ...settings })
    t.equal(faults.length, 1, `${what}: ${example}`)
    t.ok(Object.keys(settings).some(name => faults[0]?.startsWith(name)), faults.join())
  }
})
