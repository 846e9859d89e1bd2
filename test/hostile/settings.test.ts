import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import type { Test } from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { ConfigError } from '../../src/config/fault.ts'
import { settingNames, settings } from '../../src/config/settings.ts'
import type { SettingName } from '../../src/config/settings.ts'
import { buildApp } from '../../src/server/app.ts'
import { buildLog } from '../../src/server/log/log.ts'
import { buildDirectory } from '../../src/site/directory.ts'
import { documentNames, documentPath } from '../../src/site/documents.ts'
import { buildHeap } from '../support/app.ts'
import { cli, startProcess } from '../support/cli.ts'
import { readToEnd } from '../support/http.ts'
import { count, seed } from './size.ts'

const environments = count(1_000, 100)
/** Each takes a quarter of a second of CPU time to start. */
const processes = count(60, 10)

const directory = mkdtempSync(join(tmpdir(), 'mwk-'))
t.teardown(() => rmSync(directory, { recursive: true }))
const files = {
  valid: join(directory, 'valid'),
  binary: join(directory, 'binary'),
  empty: join(directory, 'empty'),
  long: join(directory, 'long')
}
writeFileSync(files.valid, 'example.com\n')
writeFileSync(files.binary, Buffer.from([0xff, 0xfe, 0x00, 0x80]))
writeFileSync(files.empty, '')
writeFileSync(files.long, 'x'.repeat(2_000_000))

function asText (value: unknown): string {
  if (typeof value === 'string') return value
  const isList = Array.isArray(value) && value.every(entry => typeof entry === 'string')
  return isList ? value.join() : JSON.stringify(value)
}

/** Anything that an environment variable can contain: no NUL. */
const anything = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.json({ maxDepth: 4 }),
  fc.integer().map(String),
  fc.double().map(String),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.domain(),
  fc.ipV4(),
  fc.ipV6(),
  fc.emailAddress(),
  fc.base64String({ maxLength: 60 }),
  fc.constantFrom('', ' ', '\n', 'null', '[]', '{}', '""', "'", 'true', 'TRUE', 'no', '-0', '1e3', '٣', '\u202e'),
  fc.constantFrom('['.repeat(5_000), 'x'.repeat(70_000))
).map(text => text.replaceAll('\0', ''))

/** Mostly valid, often almost valid, sometimes anything; never an address that may be in use. */
function valueOf (name: SettingName): fc.Arbitrary<string> {
  const valid = name.endsWith('PORT') ? fc.constant('0') : fc.constantFrom(...settings[name].examples.map(asText))
  const inserted = fc.string({ unit: fc.constantFrom(...'/:"\'[]{},.@ \\\n\té\u00ad0'), maxLength: 2 })
  const almost = fc.tuple(valid, fc.nat(40), fc.nat(3), inserted)
    .map(([text, at, cut, more]) => text.slice(0, at) + more + text.slice(at + cut))
  const wrong = fc.oneof(almost, anything)
  const mostlyValid = (...others: Array<fc.Arbitrary<string>>): fc.Arbitrary<string> =>
    fc.oneof({ weight: 30, arbitrary: valid }, { weight: 1, arbitrary: fc.oneof(...others) })
  if (name.endsWith('PORT')) {
    const notNumbers = wrong.filter(text => !/^\s*[\d.eE+-]*\s*$/.test(text))
    return mostlyValid(notNumbers, fc.constantFrom('65536', '-1', '1e9', '0.5'))
  }
  if (name.endsWith('HOST')) {
    const notHosts = wrong.filter(text => /[/[\]{}"@ ]/.test(text.trim()) && !text.includes('unix:'))
    if (name === 'METRICS_HOST') return mostlyValid(notHosts)
    return mostlyValid(notHosts, fc.constantFrom('unix:', `unix:/${'x'.repeat(200)}`, '[::1]', '127.0.0.1:80'))
  }
  return mostlyValid(wrong)
}

const perSetting = Object.fromEntries(settingNames.map(name => {
  const freq = name === 'SERVER_NAME' ? 20 : 2
  return [name, fc.option(valueOf(name), { nil: undefined, freq })]
})) as Record<SettingName, fc.Arbitrary<string | undefined>>

const otherNames = fc.oneof(
  fc.constantFrom(...settingNames).chain(name => fc.nat(name.length).map(at => name.slice(0, at) + name.slice(at + 1))),
  fc.constantFrom('SERVERNAME', 'NODE_ENV', '__proto__x', 'constructor', 'toString', 'SERVER_NAME_FILE_FILE')
).filter(name => name !== '' && !(settingNames as string[]).includes(name))

const fromFile = fc.option(fc.tuple(
  fc.constantFrom(...settingNames.filter(name => !/(HOST|PORT)$/.test(name))),
  fc.constantFrom(
    ...Object.values(files),
    directory,
    join(directory, 'missing'),
    '/dev/zero',
    '/dev/tty',
    '/proc/self/mem',
    '/proc/self/pagemap',
    `${files.valid}/x`
  )
), { nil: undefined, freq: 1 })

const environment = fc.tuple(
  fc.record(perSetting),
  fc.dictionary(otherNames, anything, { maxKeys: 2 }),
  fromFile
).map(([values, others, file]) => {
  const all: Record<string, string> = { ...others }
  for (const name of settingNames) if (values[name] !== undefined) all[name] = values[name]
  if (file !== undefined) {
    const [name, path] = file
    all[`${name}_FILE`] = path
    delete all[name]
  }
  return all
})

/** A message about a setting starts with its name. */
const aboutSetting = /^[A-Z0-9_]+\b.{5,}$/

t.test(`${environments} environments result in a server, or in faults that each name a setting`, async t => {
  t.comment(`SEED=${seed}`)
  const tally = { served: 0, refused: 0, faults: 0 }
  await fc.assert(fc.asyncProperty(environment, async environment => {
    let config
    try {
      config = loadConfig(environment)
    } catch (error) {
      if (!(error instanceof ConfigError) || error.faults.length === 0) throw error
      for (const { message } of error.faults) {
        if (!aboutSetting.test(message) || message.length > 1_000) {
          throw new Error(`not a line about a setting: ${message}`)
        }
      }
      tally.refused++
      tally.faults += error.faults.length
      return
    }
    const directory = buildDirectory(config.site, config.documents)
    const options = { ...config.server, directory: () => directory, heap: buildHeap() }
    const app = buildApp(options, buildLog('silent', { write () {} }))
    for (const name of new Set([...documentNames, ...config.documents.map(document => document.name)])) {
      const { statusCode, body } = await app.inject(documentPath(name))
      JSON.parse(body)
      if (statusCode !== 200 && statusCode !== 404) throw new Error(`${name}: ${statusCode}`)
    }
    await app.close()
    tally.served++
  }), { seed, numRuns: environments })
  t.comment(`${tally.served} served, ${tally.refused} refused for ${tally.faults} faults`)
  t.ok(tally.served > environments / 20 && tally.refused > environments / 20, 'enough of each')
})

t.test(`${processes} environments result in a process that serves, or in status 78 and a message`, async t => {
  const samples = fc.sample(environment, { seed: seed + 1, numRuns: processes * 50 })
  const valid = samples.filter(sample => isValid(sample) && !namesFolder(sample)).slice(0, processes / 2)
  const faulty = samples.filter(sample => !isValid(sample)).slice(0, processes / 2)
  t.equal(valid.length + faulty.length, processes, 'as many valid as faulty environments')
  const tally = { served: 0, refused: 0 }
  const queue = [...valid, ...faulty].entries()
  await Promise.all(Array.from({ length: 2 }, async () => {
    for (const [i, environment] of queue) tally[await start(t, i, environment)]++
  }))
  t.comment(`${tally.served} served, ${tally.refused} refused`)
  t.ok(tally.served > 0 && tally.refused > 0)
})

function isValid (environment: Record<string, string>): boolean {
  try {
    loadConfig(environment)
    return true
  } catch {
    return false
  }
}

/** The folder of sites is looked at by the process only, which refuses one that doesn't exist. */
function namesFolder (environment: Record<string, string>): boolean {
  return 'SITES_DIR' in environment || 'SITES_DIR_FILE' in environment
}

/** Starts the command on a Unix socket, because its log may not show its port; an invalid HOST is kept. */
async function start (t: Test, i: number, environment: Record<string, string>): Promise<'served' | 'refused'> {
  const path = join(directory, `${i}.sock`)
  const wrongHost = /[/[\]{}"@ ]|^127\.0\.0\.1:|^unix:/.test(environment.HOST?.trim() ?? '')
  const cwd = mkdtempSync(join(directory, 'cwd-'))
  const actual = wrongHost ? environment : { ...environment, HOST: `unix:${path}` }
  const server = startProcess(t, process.execPath, [cli], actual, cwd)
  const state: { ended?: number | string } = {}
  const end = server.ended.then(status => { state.ended = status })
  while (state.ended === undefined) {
    const socket = connect(path)
    socket.write('GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    const response = await readToEnd(socket).catch(() => '')
    if (response === '') {
      await Promise.race([end, new Promise(resolve => setTimeout(resolve, 20))])
      continue
    }
    if (!response.startsWith('HTTP/1.1 200 OK\r\n')) t.fail('unexpected response', { response })
    server.kill('SIGTERM')
    await end
    if (Number(state.ended) !== 0 || server.output.stderr !== '') {
      t.fail('it did not stop cleanly', { ...state, environment, ...server.output })
    }
    return 'served'
  }
  const lines = server.output.stdout.trimEnd().split('\n').map(line => JSON.parse(line) as Record<string, unknown>)
  const reported = lines.some(({ level, msg }) => level === 'fatal' && aboutSetting.test(String(msg)))
  if (state.ended !== 78 || !reported || server.output.stderr !== '') {
    t.fail('neither served nor refused', { ...state, environment, ...server.output })
  }
  return 'refused'
}
