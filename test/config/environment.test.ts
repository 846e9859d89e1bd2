import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { findMisspelledNames, withDotEnv } from '../../src/config/environment.ts'
import { faultsOf } from '../support/faults.ts'

const base = { SERVER_NAME: 'example.com' }

t.test('every setting can be given as a file', async t => {
  const dir = t.testdir({ name: '\ufeff example.com\r\n', port: '9000\n', empty: ' \n' })
  const { server, site } = loadConfig({ SERVER_NAME_FILE: join(dir, 'name'), PORT_FILE: join(dir, 'port'), M_SERVER_FILE: join(dir, 'empty') })
  t.match({ server, site }, { server: { port: 9000 }, site: { serverName: 'example.com', delegatedServer: 'example.com:443' } })
})

t.test('a file that is no use is told by its name and what to do', async t => {
  const dir = t.testdir({ binary: Buffer.from([0xff, 0xfe]), big: 'x'.repeat(1_048_577), value: 'x', folder: {}, name: 'a..b' })
  const cases: [file: string, line: string][] = [
    ['missing', 'there is no such file, write the path of one'],
    ['value/x', 'there is no such file, write the path of one'],
    ['folder', 'not a regular file, put one in its place'],
    ['big', '1048577 bytes, a setting has at most 1048576'],
    ['binary', 'not text in UTF-8, save it as UTF-8'],
    ['x\0y', "can't be read: "]
  ]
  for (const [file, line] of cases) {
    const path = join(dir, file)
    t.match(faultsOf({ ...base, M_SERVER_FILE: path }), [`M_SERVER_FILE is "${path.slice(0, 80)}`], file)
    t.match(faultsOf({ ...base, M_SERVER_FILE: path }), [line], file)
  }
  t.equal(faultsOf({ SERVER_NAME_FILE: join(dir, 'missing') }).length, 1, 'it is not said to be unset as well')
  t.throws(() => loadConfig({ ...base, M_SERVER: 'x', M_SERVER_FILE: join(dir, 'value') }), {
    message: /^M_SERVER_FILE is ".*": M_SERVER is set as well: leave out one of the two$/
  })
  t.throws(() => loadConfig({ SERVER_NAME_FILE: join(dir, 'name') }), { message: 'SERVER_NAME is "a..b": a dot too many, write a.b' })
})

t.test('a file without permission is told so', { skip: process.getuid?.() === 0 && 'root may read everything' }, async t => {
  const dir = t.testdir({ secret: 'x' })
  chmodSync(join(dir, 'secret'), 0)
  t.throws(() => loadConfig({ ...base, M_SERVER_FILE: join(dir, 'secret') }), { message: /no permission to read it/ })
})

t.test('.env lies under the environment, which wins', async t => {
  const file = join(t.testdir({ '.env': '# comment\nSERVER_NAME=file.example\nPORT=1\nSUPPORT_CONTACTS=\'[{"role":"m.role.admin","email_address":"a@b#c"}]\'\n#HOST=::' }), '.env')
  t.strictSame(withDotEnv(file, { PORT: '2', HOME: '/' }), {
    SERVER_NAME: 'file.example',
    PORT: '2',
    SUPPORT_CONTACTS: '[{"role":"m.role.admin","email_address":"a@b#c"}]',
    HOME: '/'
  })
  t.strictSame(withDotEnv(`${file}.missing`, { PORT: '2' }), { PORT: '2' })
})

t.test('.env that is no file is told so', async t => {
  const dir = t.testdir()
  mkdirSync(join(dir, '.env'))
  t.throws(() => withDotEnv(join(dir, '.env'), {}), { message: `${join(dir, '.env')} is not read: not a regular file, put one in its place` })
  writeFileSync(join(dir, 'x'), Buffer.from([0xc3]))
  t.throws(() => withDotEnv(join(dir, 'x'), {}), { message: /is not read: not text in UTF-8/ })
})

t.test('a name one edit away from a setting is taken for a slip', async t => {
  const slips = { M_SEVER: 'M_SERVER', SERVERNAME: 'SERVER_NAME', SERVER_NAMES: 'SERVER_NAME', PROT: 'PORT', HOTS: 'HOST', M_SERVER_FLIE: 'M_SERVER_FILE', LOG_LEVEL_FIL: 'LOG_LEVEL_FILE' }
  for (const [name, meant] of Object.entries(slips)) {
    t.strictSame(findMisspelledNames({ [name]: 'x' }), [`${name} is not a setting and is ignored: did you mean ${meant}?`])
  }
  t.strictSame(findMisspelledNames({ M_SEVER: ' ', HOME: '/', PATH: '/bin', SERVER_NAME: 'x', SERVER_NAME_FILE: 'x', NAME: 'x', '': 'x', TSOH: 'x' }), [])
})
