import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { parse } from 'yaml'

// proxies.test.ts runs Traefik where TRAEFIK has the path of the program. This looks at the form of its files alone.

/** Settings as Traefik's labels and options write them: names with dots, and texts. */
type Settings = Record<string, string>

const routes = flatten(readExample('traefik/dynamic.yaml'))
const statics = flatten(readExample('traefik/traefik.yaml'))
const compose = readExample('traefik/docker-compose.yaml')

t.test('each router has a rule, and finds its entry points, middlewares and service', async t => {
  const references = Object.entries(routes)
    .map(([name, value]) => ({ parts: name.split('.'), value }))
    .filter(({ parts: [, kind] }) => kind === 'routers')
  const rules = references.filter(({ parts }) => parts[3] === 'rule').map(({ parts }) => parts[2])
  t.strictSame(rules, ['matrix-well-known', 'site', 'homeserver'])
  for (const { parts: [, , router, key = ''], value } of references) {
    for (const name of value.split(',')) {
      if (key === 'entryPoints') t.ok(hasBelow(statics, `entryPoints.${name}`), `${router}: ${name}`)
      if (key === 'middlewares') t.ok(hasBelow(routes, `http.middlewares.${name}`), `${router}: ${name}`)
      if (key === 'service') t.ok(hasBelow(routes, `http.services.${name}.loadBalancer.servers`), `${router}: ${name}`)
    }
  }
})

t.test('the labels are the routes of the file', async t => {
  const labels = Object.entries(flatten(compose))
    .flatMap(([name, value]) => {
      const [, label] = /^services\.[^.]+\.labels\.traefik\.(http\..*)$/.exec(name) ?? []
      // Compose reads $$ as $.
      return label === undefined ? [] : [[label, value.replaceAll('$$', '$')] as const]
    })
  const isService = (name: string): boolean => name.startsWith('http.services.')
  t.same(Object.fromEntries(labels.filter(([name]) => !isService(name))),
    Object.fromEntries(Object.entries(routes).filter(([name]) => !isService(name))))
  t.strictSame(labels.map(([name]) => name).filter(isService),
    ['matrix-well-known', 'site', 'homeserver'].map(name => `http.services.${name}.loadBalancer.server.port`))
})

t.test('the options are the static file, but for where the routes come from', async t => {
  const options = (flatten(compose)['services.traefik.command'] ?? '').split(',')
    .flatMap(option => {
      const [, name = '', value = ''] = /^--([^=]+)=(.*)$/.exec(option) ?? []
      return name.startsWith('providers.') ? [] : [[name, value]]
    })
  const { 'providers.file.filename': filename, ...rest } = statics
  t.equal(filename, '/etc/traefik/dynamic.yaml')
  t.same(Object.fromEntries(options), { ...rest, 'certificatesResolvers.letsencrypt.acme.storage': '/acme/acme.json' })
})

/** @throws where it is not YAML, or a key is there twice. */
function readExample (path: string): unknown {
  return parse(readFileSync(fileURLToPath(new URL(`../../examples/${path}`, import.meta.url)), 'utf8'))
}

/** A list of texts is one text with commas. */
function flatten (value: unknown, name = ''): Settings {
  if (typeof value !== 'object' || value === null) return { [name]: String(value) }
  if (Array.isArray(value) && value.every(entry => typeof entry !== 'object')) return { [name]: value.join(',') }
  const settings: Settings = {}
  for (const [key, entry] of Object.entries(value)) Object.assign(settings, flatten(entry, name === '' ? key : `${name}.${key}`))
  return settings
}

function hasBelow (settings: Settings, name: string): boolean {
  return Object.keys(settings).some(key => key.startsWith(`${name}.`))
}
