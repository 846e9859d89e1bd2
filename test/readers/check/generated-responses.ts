import fc from 'fast-check'
import { asGzip, asLatin1, byteOrderMark } from './encodings.ts'
import type { Published } from './published.ts'

const wrongValue = fc.constantFrom(
  'null', 'false', 'true', '0', '5', '""', '"x"', '[]', '{}', '[{}]', '[null]', '{"x":1}'
)

/** More often wrong than what people type: each response has only a few places. */
function usually<Value> (right: fc.Arbitrary<Value>, wrong: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  return fc.oneof({ weight: 6, arbitrary: right }, { weight: 1, arbitrary: wrong })
}

/** Inserts one of these characters somewhere, or removes what is there. */
function damaged (text: fc.Arbitrary<string>, characters: string): fc.Arbitrary<string> {
  return fc.tuple(text, fc.nat(), fc.constantFrom('', ...characters)).map(([whole, at, character]) => {
    const place = at % (whole.length + 1)
    return whole.slice(0, place) + character + whole.slice(character === '' ? place + 1 : place)
  })
}

const delegatedName = fc.tuple(
  fc.constantFrom('matrix.example.com', 'example.com', 'MATRIX.example.com', '192.0.2.1', '[2001:db8::1]'),
  fc.constantFrom(':443', ':8448', '', ':0443')
).map(([host, port]) => host + port)
const serverName = fc.oneof(delegatedName, damaged(delegatedName, ' /_:@.%[]\\#?-+*~0é\n\t"'))
const delegation = usually(serverName.map(name => JSON.stringify(name)), wrongValue)
  .map(value => ['m.server', value] as const)

const goodUrl = fc.constantFrom(
  'https://matrix.example.com', 'https://matrix.example.com/', 'https://matrix.example.com:8448', 'https://example.com',
  'https://matrix.example.com/path'
)
const url = fc.oneof(
  { weight: 3, arbitrary: goodUrl },
  { weight: 1, arbitrary: damaged(goodUrl, ' /_@%[]\\#?-+*~é\n\t') }
).map(value => JSON.stringify(value))

/** A key and its value, in JSON. */
type Entry = readonly [key: string, value: string]

function field (key: string, value: fc.Arbitrary<string>): fc.Arbitrary<Entry> {
  return usually(value, wrongValue).map(text => [key, text])
}

function object (key: string, value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return field(key, value).map(([name, text]) => `{${JSON.stringify(name)}:${text}}`)
}

const homeserver = field('m.homeserver', object('base_url', url))
const focus = fc.tuple(fc.constantFrom('"livekit"', '"other"', '5'), usually(url, wrongValue))
  .map(([type, service]) => `{"type":${type},"livekit_service_url":${service}}`)
const foci = fc.array(usually(focus, wrongValue), { maxLength: 2 }).map(list => `[${list.join()}]`)
const others = fc.oneof(
  field('m.identity_server', object('base_url', url)),
  field('org.matrix.msc4143.rtc_foci', foci),
  field('m.rtc_foci', foci),
  field('m.tile_server', object('map_style_url', url)),
  field('org.matrix.msc3488.tile_server', object('map_style_url', url)),
  field('com.example.x', fc.json()),
  homeserver
)

/** What people and programs do to JSON. */
const treatments: ReadonlyArray<readonly [title: string, treat: (json: string) => string]> = [
  ['a byte order mark', json => byteOrderMark + json],
  ['white space', json => `\r\n ${json}\t\n`],
  ['a trailing comma', json => json.replace(/\}$/, ',}')],
  ['text after it', json => `${json}<!-- x -->`],
  ['cut off', json => json.slice(0, -2)],
  ['single quotes', json => json.replaceAll('"', "'")],
  ['in an array', json => `[${json}]`],
  ['twice', json => json + json],
  ['Latin-1', json => json.replace(/\}$/, ',"com.example.y":"é"}')]
]

const untreated: typeof treatments[number] = ['', json => json]

const status = fc.constantFrom(200, 201, 202, 203, 206, 400, 401, 403, 404, 410, 418, 429, 500, 502, 503)
const headers = fc.constantFrom<NonNullable<Published['headers']>>(
  { 'Access-Control-Allow-Origin': undefined }, { 'Access-Control-Allow-Origin': ['*', '*'] },
  { 'Access-Control-Allow-Origin': 'https://other.example' }, { 'Content-Type': 'text/plain' },
  { 'Content-Encoding': 'gzip' }
)

/** A URL that ends in several slashes, which are in what matrix-rust-sdk asks for, not in what ruma reads. */
const slashes = /[^:]\/\/"/

/** One time in so many. */
function rarely<Value> (one: number, arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.option(arbitrary, { nil: undefined, freq: one - 1 })
}

function responseWith (entries: fc.Arbitrary<readonly Entry[]>): fc.Arbitrary<Published> {
  return fc.record({
    entries,
    treatment: fc.option(fc.constantFrom(...treatments), { nil: undefined, freq: 2 }),
    status: rarely(6, status),
    headers: rarely(6, headers),
    isGzip: fc.boolean()
  }).map(({ entries, treatment = untreated, status, headers, isGzip }) => {
    const [treated, treat] = treatment
    const body = treat(`{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`)
    const encoding = headers?.['Content-Encoding']
    const title = [status, treated, headers === undefined ? '' : JSON.stringify(Object.entries(headers)), body]
    return {
      title: title.filter(part => part !== undefined && part !== '').join(' '),
      body,
      ...status !== undefined && { status },
      ...headers !== undefined && { headers },
      ...(encoding !== undefined || slashes.test(body)) && { isBeyondRuma: true as const },
      ...encoding !== undefined && isGzip ? { encode: asGzip } : treated === 'Latin-1' ? { encode: asLatin1 } : {}
    }
  })
}

/** Responses to `/client`, most of them with one fault or more. */
export const generatedClientResponse = responseWith(
  fc.tuple(homeserver, fc.array(others, { maxLength: 2 })).map(([first, more]) => [first, ...more])
)

/** Responses to `/server`. */
export const generatedServerResponse = responseWith(
  fc.tuple(delegation, fc.array(usually(field('com.example.x', fc.json()), delegation), { maxLength: 1 }))
    .map(([first, more]) => [first, ...more])
)
