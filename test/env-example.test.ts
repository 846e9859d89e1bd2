import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import t from 'tap'
import { loadConfig } from '../src/config/config.ts'
import { settingNames, settings } from '../src/config/settings.ts'

const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8')

t.test('.env.example is a valid configuration', async t => {
  t.match(loadConfig(parseEnv(example)), {
    warnings: [],
    site: {
      serverName: 'example.com',
      delegatedServer: 'matrix.example.com:443',
      homeserverBaseUrl: 'https://matrix.example.com'
    }
  })
})

t.test('.env.example has every setting, and the lines that are commented out are valid too', async t => {
  const all = parseEnv(example.replaceAll(/^#(?=[A-Z0-9_]+=)/gm, ''))
  t.strictSame(Object.keys(all).toSorted(), settingNames.toSorted())
  t.strictSame(loadConfig(all).warnings, [])
  t.ok(example.split('\n').every(line => line.length <= 120), 'no line is longer than 120 characters')
  for (const [name, setting] of Object.entries(settings)) {
    if (!('default' in setting) || typeof setting.default === 'object') continue
    t.equal(all[name], String(setting.default), `${name} has its default`)
  }
})
