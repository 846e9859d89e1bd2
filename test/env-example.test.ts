import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import t from 'tap'
import { loadConfig } from '../src/config/config.ts'
import { settingNames, settings } from '../src/config/settings.ts'

const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8')

t.test('.env.example is a configuration that works', async t => {
  t.match(loadConfig(parseEnv(example)), {
    warnings: [],
    site: { serverName: 'example.com', delegatedServer: 'matrix.example.com:443', homeserverBaseUrl: 'https://matrix.example.com' }
  })
})

t.test('.env.example has every setting, and what is commented out is right, too', async t => {
  const all = parseEnv(example.replaceAll(/^#(?=[A-Z0-9_]+=)/gm, ''))
  t.strictSame(Object.keys(all).toSorted(), settingNames.toSorted())
  t.strictSame(loadConfig(all).warnings, [])
  for (const [name, setting] of Object.entries(settings)) {
    if ('default' in setting && typeof setting.default !== 'object') t.equal(all[name], String(setting.default), `${name} stands there with its default`)
  }
})
