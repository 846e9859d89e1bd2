import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import fc from 'fast-check'
import t from 'tap'
import { request } from '../support/http.ts'
import { startReference } from './reference.ts'
import { serverDocument, serverPath, startServer } from './server.ts'
import { count, seed } from './size.ts'

const total = count(10_000, 2_000)

const documents = new Map([
  [serverPath, serverDocument],
  ['/.well-known/matrix/client', '{"m.homeserver":{"base_url":"https://matrix.example.com"}}'],
  ['/.well-known/matrix/support', ''],
  ['/.well-known/matrix/policy_server', ''],
  ['/health', '{"status":"ok"}']
])

const token = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.~'), minLength: 1, maxLength: 12 })
const segment = fc.oneof(
  token,
  fc.constantFrom('', '.', '..', '%20', '%C3%A4', '.well-known', 'matrix', 'server', 'a'.repeat(300))
)
const path = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...documents.keys()) },
  fc.array(segment, { maxLength: 5 }).map(segments => `/${segments.join('/')}`)
)
const target = fc.tuple(
  fc.constantFrom('', '', '', 'http://example.com'),
  path,
  fc.oneof(fc.constant(''), token.map(query => `?${query}=%zz`))
).map(parts => parts.join(''))
const valueCharacter = fc.integer({ min: 0x20, max: 0xff })
  .filter(code => code !== 0x7f)
  .map(code => String.fromCharCode(code))
const lines = fc.uniqueArray(fc.oneof(
  fc.constantFrom('close', 'keep-alive', 'Close', 'keep-alive, x-other').map(value => `Connection: ${value}`),
  fc.constantFrom('If-None-Match: *', 'If-None-Match: ETAG', 'If-None-Match: "other"'),
  fc.constantFrom(
    'Origin: https://app.example',
    'Accept-Encoding: gzip, br',
    'Range: bytes=0-3',
    'If-Modified-Since: Mon, 23 Nov 2026 12:00:00 GMT',
    'TE: trailers',
    'Accept: text/html',
    'Authorization: Bearer a'
  ),
  fc.tuple(token, fc.string({ unit: valueCharacter, maxLength: 40 }))
    .map(([name, value]) => `X-${name.replaceAll('~', '')}: ${value}`)
), { maxLength: 6, selector: line => line.split(':')[0]?.toLowerCase() })
const content = fc.string({ maxLength: 100, unit: 'binary-ascii' })
const body = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ lines: [] as string[], body: '' }) },
  content.map(body => ({ lines: [`Content-Length: ${body.length}`], body })),
  content.map(body => ({ lines: [`Content-Length: ${body.length}`, 'Expect: 100-continue'], body })),
  fc.array(fc.string({ minLength: 1, maxLength: 50, unit: 'binary-ascii' }), { maxLength: 4 }).map(chunks => ({
    lines: ['Transfer-Encoding: chunked'],
    body: [...chunks.map(chunk => `${chunk.length.toString(16)}\r\n${chunk}\r\n`), '0\r\n\r\n'].join('')
  }))
)
const oneRequest = fc.record({
  method: fc.constantFrom('GET', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PATCH', 'PROPFIND'),
  target,
  version: fc.constantFrom('1.1', '1.1', '1.1', '1.0'),
  host: fc.constantFrom(['Host: example.com'], ['Host: example.com'], ['Host: [::1]:8080'], []),
  lines,
  body
})
type OneRequest = typeof oneRequest extends fc.Arbitrary<infer T> ? T : never
const conversation = fc.array(oneRequest, { minLength: 1, maxLength: 8 })

const framingHeaders = [
  'connection', 'keep-alive', 'content-length', 'transfer-encoding', 'content-type', 'trailer', 'upgrade'
]

interface Framing {
  readonly status: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

t.test(`${total} valid requests get responses framed as by node:http`, async t => {
  const server = await startServer(t)
  const etags = new Map<string, string>()
  for (const path of documents.keys()) {
    const [etag] = (await request(server.port, path)).headers.etag ?? []
    if (etag !== undefined) etags.set(path, etag)
  }
  const reference = await startReference(t, documents, etags)
  t.comment(`SEED=${seed}`)
  const tally = new Map<string, number>()
  const property = fc.asyncProperty(conversation, async requests => {
    const exchanges = [server.port, reference].map(port => converse(port, requests, etags))
    const [ours, theirs = []] = await Promise.all(exchanges)
    for (const { status } of theirs) tally.set(status, (tally.get(status) ?? 0) + 1)
    const [actual, expected] = [ours, theirs].map(framings => JSON.stringify(framings, null, 1))
    if (actual !== expected) throw new Error(`ours ${actual}\ntheirs ${expected}`)
  })
  let sent = 0
  for (let round = 0; sent < total; round++) {
    await fc.assert(property, { seed: seed + round, numRuns: total / 10 })
    sent = [...tally.values()].reduce((left, right) => left + right)
  }
  t.comment(`${sent} requests: ${[...tally].toSorted().map(([status, number]) => `${status}: ${number}`).join(', ')}`)
  t.ok(['200', '204', '304', '400', '404', '405'].every(status => tally.has(status)), 'every possible status occurred')
})

/** Sends requests one after the other on one connection, until it is closed, and parses the responses. */
async function converse (
  port: number, requests: readonly OneRequest[], etags: ReadonlyMap<string, string>
): Promise<Framing[]> {
  const socket = connect(port, '127.0.0.1')
  const framings: Framing[] = []
  for (const { method, target, version, host, lines, body } of requests) {
    const head = [`${method} ${target} HTTP/${version}`, ...host, ...lines, ...body.lines].join('\r\n')
    socket.write(`${head.replace('ETAG', etags.get(target) ?? '"none"')}\r\n\r\n${body.body}`, 'latin1')
    const framing = await readResponse(socket, method)
    framings.push(framing)
    if (framing.headers.connection === 'close') break
  }
  if (framings.at(-1)?.headers.connection === 'close') await once(socket, 'end')
  socket.destroy()
  return framings
}

/** @throws {Error} if what arrives is not exactly one response. */
async function readResponse (socket: Socket, method: string): Promise<Framing> {
  let bytes = Buffer.alloc(0)
  for (;;) {
    const [chunk] = await once(socket, 'data') as [Buffer]
    bytes = Buffer.concat([bytes, chunk])
    const end = bytes.indexOf('\r\n\r\n')
    if (end === -1) continue
    const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n')
    const headers: Record<string, string> = {}
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^:]+): (.*)$/.exec(line) ?? []
      if (framingHeaders.includes(name.toLowerCase())) headers[name.toLowerCase()] = value
    }
    const [, status = '?'] = /^HTTP\/1\.1 (\d{3}) /.exec(first) ?? []
    const bodyless = status === '204' || status === '304' || method === 'HEAD'
    const body = bytes.subarray(end + 4)
    const length = bodyless ? 0 : Number(headers['content-length'])
    if (body.length > length) throw new Error(`more than a response: ${bytes.toString()}`)
    if (body.length < length) continue
    return { status, headers: Object.fromEntries(Object.entries(headers).toSorted()), body: body.toString() }
  }
}
