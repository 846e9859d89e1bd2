import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadAllSites } from '../../src/config/all-sites.ts'
import type { Environment } from '../../src/config/environment.ts'
import { ConfigError } from '../../src/config/fault.ts'

interface Loaded {
  readonly sites?: readonly string[]
  readonly hasFolder?: boolean
  readonly faults?: readonly string[]
  readonly warnings: readonly string[]
}

async function load (environment: Environment): Promise<Loaded> {
  try {
    const { sites, hasFolder, warnings } = await loadAllSites(environment, [{ variable: 'A', message: 'of .env' }])
    return { sites: sites.map(({ site }) => site.serverName), hasFolder, warnings: warnings.map(messageOf) }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { faults: error.faults.map(messageOf), warnings: error.warnings.map(messageOf) }
  }
}

function messageOf ({ message }: { readonly message: string }): string {
  return message
}

t.test('the site of the environment, if there is no folder', async t => {
  t.strictSame(await load({ SERVER_NAME: 'example.com', PORT: 'wrong' }),
    { sites: ['example.com'], hasFolder: false, warnings: ['of .env'] })
  t.match(await load({}), { faults: [/^SERVER_NAME isn't set/] })
})

t.test('the sites in the folder, and that of the environment, which is optional then', async t => {
  const folder = t.testdir({ 'b.env': 'SERVER_NAME=b.example', 'a.env': 'SERVER_NAME=a.example', 'c.txt': '' })
  const sites = ['a.example', 'b.example']
  t.match(await load({ SITES_DIR: folder }), { sites, hasFolder: true })
  t.match(await load({ SITES_DIR: folder, SERVER_NAME: ' ' }), { sites })
  t.match(await load({ SITES_DIR: folder, SERVER_NAME: 'example.com' }), { sites: ['example.com', ...sites] })
  writeFileSync(join(folder, 'name'), 'example.org')
  t.match(await load({ SITES_DIR: folder, SERVER_NAME_FILE: join(folder, 'name') }),
    { sites: ['example.org', ...sites] })
})

t.test('every fault is reported, with its file, and nothing is loaded', async t => {
  const folder = t.testdir({
    'a.env': 'SERVER_NAME=a.example\nM_SERVER=https://m.a.example',
    'b.env': 'SERVER_NAME=b.example\nPORT=1',
    'c.env': 'SERVER_NAME=example.com'
  })
  const { faults, warnings, sites } =
    await load({ SITES_DIR: folder, SERVER_NAME: 'example.com', CACHE_MAX_AGE: '-1', SERVERNAME: 'a' })
  t.equal(sites, undefined)
  t.match(faults, [
    /^CACHE_MAX_AGE is -1: /,
    `${join(folder, 'a.env')}: M_SERVER is "https://m.a.example": starts with "https://"`,
    `SERVER_NAME is "example.com", which is also in ${join(folder, 'c.env')}; keep it in only one`
  ])
  t.equal(faults?.length, 3)
  t.match(warnings, ['of .env', /^SERVERNAME isn't a setting/, `${join(folder, 'b.env')}: PORT is "1": a setting of`])
})

t.test('a folder that can\'t be read', async t => {
  const missing = '/proc/missing'
  t.strictSame(await load({ SITES_DIR: missing }), {
    faults: [`SITES_DIR is "${missing}": no such folder; create it, or use the path of another one`],
    warnings: ['of .env']
  })
  t.match(await load({ SITES_DIR: missing, SITES_DIR_FILE: 'a' }), { faults: [/^SITES_DIR_FILE is "a"/] })
})

t.test('a folder without sites is fine if the environment has one', async t => {
  const folder = t.testdir({})
  t.match(await load({ SITES_DIR: folder, SERVER_NAME: 'example.com' }), { sites: ['example.com'] })
  t.match(await load({ SITES_DIR: folder }), {
    faults: [/^SITES_DIR is ".+": has no file for a site: their names end in \.env and don't start with "\."; name/]
  })
})
