import t from 'tap'
import { parseListenHost } from '../../src/config/listen-host.ts'

t.test('an address, a host name or the path of a socket', async t => {
  const socket = `unix:/${'ä'.repeat(53)}`
  for (const host of ['::', '127.0.0.1', 'fe80::1%eth0', 'localhost', 'my_host.example', socket, 'unix:w.sock']) {
    t.equal(parseListenHost(host), host)
  }
})

t.test('anything else is rejected with what to write instead', async t => {
  const neither = 'not an address or a host name; '
  const path = 'not a path of 1 to 107 bytes; use one such as unix:/run/matrix-well-known.sock'
  const cases: [host: string, code: string, explanation: string][] = [
    ['/run/x.sock', 'ERR_CHARACTER', `${neither}write unix:/run/x.sock`],
    ['./x.sock', 'ERR_CHARACTER', `${neither}write unix:./x.sock`],
    ['[::]', 'ERR_CHARACTER', `${neither}use ::`],
    ['[::1]:8080', 'ERR_CHARACTER', `${neither}use ::1, and set PORT to 8080`],
    ['127.0.0.1:8080', 'ERR_CHARACTER', `${neither}use 127.0.0.1, and set PORT to 8080`],
    ['localhost:81', 'ERR_CHARACTER', `${neither}use localhost, and set PORT to 81`],
    ['http://localhost', 'ERR_CHARACTER', `${neither}use localhost`],
    ['https://[::1]:8443/', 'ERR_CHARACTER', `${neither}use ::1, and set PORT to 8443`],
    ['*', 'ERR_CHARACTER', `${neither}use :: for all addresses`],
    ['a b', 'ERR_CHARACTER', `${neither}use one such as :: or 127.0.0.1`],
    ['http://a b/', 'ERR_CHARACTER', `${neither}use one such as :: or 127.0.0.1`],
    ['[a b]', 'ERR_CHARACTER', `${neither}use one such as :: or 127.0.0.1`],
    [':8080', 'ERR_CHARACTER', `${neither}use one such as :: or 127.0.0.1`],
    ['x'.repeat(254), 'ERR_CHARACTER', `${neither}use one such as :: or 127.0.0.1`],
    ['unix:', 'ERR_LENGTH', path],
    ['unix:/a\0b', 'ERR_LENGTH', path],
    [`unix:/${'ä'.repeat(53)}x`, 'ERR_LENGTH', path]
  ]
  for (const [host, code, explanation] of cases) t.throws(() => parseListenHost(host), { code, explanation }, host)
})
