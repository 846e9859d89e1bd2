import { join } from 'node:path'
import t from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { faultsOf } from '../support/faults.ts'

const base = { SERVER_NAME: 'example.com' }

t.test('every setting can be given as a file', async t => {
  const dir = t.testdir({ name: '\ufeff example.com\r\n', port: '9000\n', empty: ' \n' })
  const { server, site } = loadConfig({
    SERVER_NAME_FILE: join(dir, 'name'),
    PORT_FILE: join(dir, 'port'),
    M_SERVER_FILE: join(dir, 'empty')
  })
  t.match(server, { port: 9000 })
  t.match(site, { serverName: 'example.com', delegatedServer: 'example.com:443' })
})

t.test("a file that can't be read is reported with its path, the fault and the fix", async t => {
  const dir = t.testdir({ value: 'x', name: 'a..b', json: '{"m.server": "m.example.com:443"}\n' })
  const missing = join(dir, 'missing')
  t.strictSame(faultsOf({ ...base, M_SERVER_FILE: missing }).map(line => line.replace(/".*"/, '…')),
    ['M_SERVER_FILE is …: no such file; use the path of another file'])
  t.equal(faultsOf({ SERVER_NAME_FILE: missing }).length, 1, "SERVER_NAME isn't reported as missing too")
  t.match(faultsOf({ ...base, M_SERVER: 'x', M_SERVER_FILE: join(dir, 'value') }),
    [/^M_SERVER_FILE is ".*": M_SERVER is set too; remove one of them$/])
  t.strictSame(faultsOf({ SERVER_NAME_FILE: join(dir, 'name') }), ['SERVER_NAME is "a..b": has an extra dot; use a.b'])
  t.match(faultsOf({ ...base, M_SERVER_FILE: join(dir, 'json') }), [/; use m\.example\.com:443$/])
  t.match(faultsOf({ ...base, M_SERVER_FILE: '/dev/zero' }), ['not a regular file'])
})

t.test('an endless file takes neither time nor memory', { skip: process.platform !== 'linux' }, async t => {
  t.match(faultsOf({ ...base, M_SERVER_FILE: '/proc/self/pagemap' }), [/^M_SERVER_FILE is "\/proc\/self\/pagemap": /])
})
