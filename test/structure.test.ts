import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const source = fileURLToPath(new URL('../src', import.meta.url))
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'))
const imports = new Map(files.map(file => [file, findImports(file)]))

/** What a file imports when it runs: modules of Node and packages by their name, files by their path in src. */
function findImports (file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8')
  return [...text.matchAll(/^(?:import|export) (?!type )[^'\n]*'([^']+)'$|\bimport\('([^']+)'\)/gm)]
    .map(([, name = '', dynamic = '']) => name + dynamic)
    .map(name => name.startsWith('.') ? join(dirname(file), name) : name)
}

/** All that a file imports, directly or not. */
function reach (file: string, seen = new Set<string>()): Set<string> {
  for (const name of imports.get(file) ?? []) {
    if (seen.has(name)) continue
    seen.add(name)
    reach(name, seen)
  }
  return seen
}

t.test('no file imports itself through others', async t => {
  t.ok(files.length > 50)
  t.strictSame(files.filter(file => reach(file).has(file)), [])
})

t.test('what must not be loaded together is not', async t => {
  const rules: [from: RegExp, never: RegExp][] = [
    [/^server\//, /^(check|config|commands|import)\//],
    [/^check\//, /^(server|config|commands|import)\//],
    [/^import\//, /^(server|commands|check\/(?!network\/))|^(fastify|pino)$/],
    [/^(?!import\/|commands\/import\.ts$|cli\.ts$)/, /^import\/|^(yaml|smol-toml)$/],
    [/^export\//, /^(server|config|check|commands)\/|^(fastify|pino)$/],
    [/^(?!export\/|commands\/export\.ts$|cli\.ts$)/, /^export\//],
    [/^commands\/export\.ts$/, /^(server|check)\/|^(fastify|pino)$/],
    [/^monitor\//, /^(server|config|commands)\//],
    [/^(?!monitor\/|commands\/monitor\.ts$|cli\.ts$)/, /^monitor\//],
    [/^metrics\//, /^(site|config|server|check|commands|monitor)\//],
    [/^check\/gather\//, /^check\/judge\//],
    [/^site\//, /^(config|server|check)\//],
    [/^matrix\//, /^(site|config|server|check)\//],
    [/^validation\//, /^(server|check|commands)\//],
    [/^commands\/validate\.ts$/, /^(server\/|check\/|fastify$|pino$)/],
    [/^commands\/check\.ts$/, /^(server\/|fastify$|pino$)/],
    [/^commands\/(serve|healthcheck)\.ts$/, /^(check|import)\//],
    [/^site\.ts$/, /^node:(net|http|https|http2|tls|dns|dgram)|^(fastify|pino)$/]
  ]
  for (const [from, never] of rules) {
    const found = files.filter(file => from.test(file))
    t.ok(found.length > 0, from.source)
    const wrong = found.filter(file => [...reach(file)].some(name => never.test(name)))
    t.strictSame(wrong, [], `${from.source} → ${never.source}`)
  }
})

t.test('no two files have one name, except a command and what it runs, or findings and their subject', async t => {
  const names = files
    .filter(file => file.includes('/') && !/^(commands|check\/judge)\//.test(file))
    .map(file => basename(file))
  t.strictSame(names.filter((name, i) => names.indexOf(name) !== i), [])
})

t.test('only cli.ts uses the process', async t => {
  const users = files.filter(file => {
    const code = readFileSync(join(source, file), 'utf8').replaceAll(/\/\*.*?\*\/|\/\/.*$/gms, '')
    return /\bprocess\.(argv|env|exit|exitCode|stdout|stderr|stdin)\b|= process$/m.test(code)
  })
  t.strictSame(users, ['cli.ts'])
})

t.test('no module has state', async t => {
  t.strictSame(files.filter(file => /^(export )?let /m.test(readFileSync(join(source, file), 'utf8'))), [])
})

t.test('no module uses Intl when it is loaded: that takes 10 ms at each start', async t => {
  const uses: string[] = []
  const note = { apply: noteUse, construct: noteUse }
  function noteUse (): never {
    const use = new Error('Intl is used')
    uses.push(String(use.stack))
    throw use
  }
  const formatters = ['Collator', 'DateTimeFormat', 'ListFormat', 'NumberFormat', 'PluralRules', 'Segmenter'] as const
  for (const name of formatters) t.intercept(Intl, name, { value: new Proxy(Intl[name], note) })
  t.intercept(Number.prototype, 'toLocaleString', { value: noteUse })
  t.intercept(Date.prototype, 'toLocaleString', { value: noteUse })
  t.intercept(String.prototype, 'localeCompare', { value: noteUse })
  t.throws(() => new Intl.NumberFormat())
  t.throws(() => (1).toLocaleString())
  t.equal(uses.splice(0).length, 2)
  // The command reads the arguments of this process.
  for (const file of files.filter(file => file !== 'cli.ts')) await import(`../src/${file}`)
  t.strictSame(uses, [])
})
