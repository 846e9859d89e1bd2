import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { parse } from 'yaml'

// proxies.test.ts runs Traefik if TRAEFIK is set to the path of the program. This checks only the form of its files.

/** Settings as in Traefik's labels and options: names with dots, and strings. */
type Settings = Record<string, string>

const routes = flatten(readExample('traefik/dynamic.yaml'))
const statics = flatten(readExample('traefik/traefik.yaml'))
const compose = readExample('traefik/docker-compose.yaml')

t.test('each router has a rule, and its entry points, middlewares and service exist', async t => {
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

t.test('the labels are the routes in the file', async t => {
  const labels = Object.entries(flatten(compose))
    .flatMap(([name, value]) => {
      const [, label] = /^services\.[^.]+\.labels\.traefik\.(http\..*)$/.exec(name) ?? []
      // Compose turns $$ into $.
      return label === undefined ? [] : [[label, value.replaceAll('$$', '$')] as const]
    })
  const isService = (name: string): boolean => name.startsWith('http.services.')
  t.same(Object.fromEntries(labels.filter(([name]) => !isService(name))),
    Object.fromEntries(Object.entries(routes).filter(([name]) => !isService(name))))
  t.strictSame(labels.map(([name]) => name).filter(isService),
    ['matrix-well-known', 'site', 'homeserver'].map(name => `http.services.${name}.loadBalancer.server.port`))
})

t.test('the options are those in the static file, except for the source of routes', async t => {
  const options = (flatten(compose)['services.traefik.command'] ?? '').split(',')
    .flatMap(option => {
      const [, name = '', value = ''] = /^--([^=]+)=(.*)$/.exec(option) ?? []
      return name.startsWith('providers.') ? [] : [[name, value]]
    })
  const { 'providers.file.filename': filename, ...rest } = statics
  t.equal(filename, '/etc/traefik/dynamic.yaml')
  t.same(Object.fromEntries(options), { ...rest, 'certificatesResolvers.letsencrypt.acme.storage': '/acme/acme.json' })
})

/** @throws if it isn't YAML, or has a key twice. */
function readExample (path: string): unknown {
  return parse(readFileSync(fileURLToPath(new URL(`../../examples/${path}`, import.meta.url)), 'utf8'))
}

/** A list of strings becomes one string with commas. */
function flatten (value: unknown, name = ''): Settings {
  if (typeof value !== 'object' || value === null) return { [name]: String(value) }
  if (Array.isArray(value) && value.every(entry => typeof entry !== 'object')) return { [name]: value.join(',') }
  const settings: Settings = {}
  for (const [key, entry] of Object.entries(value)) {
    Object.assign(settings, flatten(entry, name === '' ? key : `${name}.${key}`))
  }
  return settings
}

function hasBelow (settings: Settings, name: string): boolean {
  return Object.keys(settings).some(key => key.startsWith(`${name}.`))
}
