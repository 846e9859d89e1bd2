import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import t from 'tap'
import { startCliOnTerminal } from '../support/cli.ts'
import { findFreePort } from '../support/free-ports.ts'
import { readToEnd, request } from '../support/http.ts'
import { eventually, settings, spawnServer } from './server.ts'
import { count } from './size.ts'

const logging = { LOG_REQUESTS: 'true', TRUST_PROXY: 'true' }

/** Characters that terminals or line readers act on: C0, DEL, C1, and Unicode's line breaks. */
const control = /(?!\n)[\p{Cc}\u2028\u2029]/u

/** The keys of a line about a request, or about an unreadable one. */
const expectedKeys = /^(time,method,path,status,responseTime,client|time,status,error,client),msg$/

/** What an attacker would put into a log if the server allowed it. */
const payloads = [
  ...Array.from({ length: 256 }, (_, byte) => `a${String.fromCharCode(byte)}b`)
    .filter((_, byte) => byte % count(1, 4) === 0),
  '"}\n{"level":"fatal","msg":"forged"}',
  '"},{"level":"fatal","msg":"forged"}',
  '\\n{"level":"fatal"}',
  '\\u001b[31m',
  '%0a{"level":"fatal"}',
  '%1b[2J',
  '\u009b2J',
  '\u009d0;title\u009c',
  '\u00e2\u0080\u00a8',
  '\u00c2\u009b31m',
  '{msg}{method}',
  '%s %d %j %o',
  '__proto__',
  'a'.repeat(15_000),
  '\u009b'.repeat(5_000),
  '-\t-'
]

/** Sends each payload as path, query, host, method, header name, header value and client. */
async function sendEach (port: number): Promise<number> {
  let sent = 0
  for (const payload of payloads) {
    for (const lines of [
      `GET /${payload} HTTP/1.1\r\nHost: a`,
      `GET /?${payload} HTTP/1.1\r\nHost: a`,
      `GET http://${payload}/ HTTP/1.1\r\nHost: a`,
      `${payload} / HTTP/1.1\r\nHost: a`,
      `GET / HTTP/1.1\r\nHost: ${payload}\r\nUser-Agent: ${payload}\r\nReferer: ${payload}`,
      `GET / HTTP/1.1\r\nHost: a\r\n${payload}: b`,
      `GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${payload}`,
      `GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.1, ${payload}`,
      `GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Host: ${payload}\r\nX-Forwarded-Proto: ${payload}`,
      `CONNECT ${payload} HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${payload}`
    ]) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      socket.end(Buffer.from(`${lines}\r\nConnection: close\r\n\r\n`, 'latin1'))
      await readToEnd(socket)
      sent++
    }
  }
  return sent
}

t.test('each request is logged as one line of JSON, without control characters', async t => {
  const port = await findFreePort()
  const cwd = t.testdir()
  const server = spawnServer(t, { ...logging, PORT: String(port) }, 'exec "$@" >log', cwd)
  await eventually(() => request(port, '/health'))
  const sent = await sendEach(port)
  server.kill('SIGTERM')
  t.equal(await server.ended, 0)
  const log = readFileSync(`${cwd}/log`, 'utf8')
  t.equal(control.exec(log)?.index, undefined)
  const lines = log.trimEnd().split('\n').map(line => JSON.parse(line) as Record<string, unknown>)
  const requests = lines.filter(({ msg }) => msg === 'request' || msg === 'unreadable request')
  for (const { level, ...rest } of requests) {
    if (level !== 'info') t.fail('a forged level', { level })
    if (!expectedKeys.test(Object.keys(rest).join())) t.fail('a forged line', rest)
    for (const value of Object.values(rest)) if (String(value).length > 400) t.fail('a long value', rest)
  }
  t.equal(requests.length, sent + 1, 'one line per request, including the one that waited for the server')
  t.equal(lines.length - requests.length, 4, 'all other lines are about the start and the stop')
  const maxLength = Math.max(...log.split('\n').map(line => line.length))
  t.comment(`${sent} requests, ${requests.length} lines of ${maxLength} characters at most`)
})

t.test('the same holds on a terminal', async t => {
  const server = startCliOnTerminal(t, { ...settings, ...logging })
  const line = await server.lineWith('serving the well-known documents')
  const port = Number(/:(\d+)\s*$/.exec(line)?.[1])
  const sent = await sendEach(port)
  await request(port, '/the-last')
  await server.lineWith('/the-last')
  t.equal(control.exec(server.output.stdout)?.index, undefined)
  const lines = server.output.stdout.split('\n').filter(line => / (request|unreadable request)/.test(line))
  t.equal(lines.length, sent + 1)
})
