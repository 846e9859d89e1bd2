import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { loadEnvironment } from '../../src/config/dot-env.ts'
import type { Environment } from '../../src/config/environment.ts'

function load (t: Test, text: string, environment: Environment = {}): ReturnType<typeof loadEnvironment> {
  return loadEnvironment(join(t.testdir({ '.env': text }), '.env'), environment)
}

t.test('the environment wins over .env', async t => {
  const text = '# comment\nSERVER_NAME=file.example\nPORT=1\n' +
    'SUPPORT_CONTACTS=\'[{"role":"m.role.admin","email_address":"a@b#c"}]\'\n#HOST=::'
  t.strictSame(load(t, text, { PORT: '2', HOME: '/' }), {
    environment: {
      SERVER_NAME: 'file.example',
      PORT: '2',
      SUPPORT_CONTACTS: '[{"role":"m.role.admin","email_address":"a@b#c"}]',
      HOME: '/'
    },
    warnings: []
  })
})

t.test('without a file, only the environment counts', async t => {
  t.strictSame(loadEnvironment(join(t.testdir(), '.env'), { PORT: '2' }), { environment: { PORT: '2' }, warnings: [] })
})

t.test('an empty value in the environment counts as unset', async t => {
  const { environment } = load(t, 'M_SERVER=a.example:443\nPORT=1', { M_SERVER: '', PORT: ' \n' })
  t.strictSame(environment, { M_SERVER: 'a.example:443', PORT: '1' })
})

t.test('the environment also wins if one gives the value and the other a file', async t => {
  const cases: [text: string, environment: Environment, expected: Environment][] = [
    ['M_SERVER_FILE=/run/secret', { M_SERVER: 'a.example' }, { M_SERVER: 'a.example' }],
    ['M_SERVER=b.example', { M_SERVER_FILE: '/run/secret' }, { M_SERVER_FILE: '/run/secret' }],
    ['M_SERVER=b.example', { M_SERVER_FILE: '' }, { M_SERVER: 'b.example', M_SERVER_FILE: '' }],
    ['M_SERVER_FILE=/run/secret', { M_SERVER: ' ' }, { M_SERVER: ' ', M_SERVER_FILE: '/run/secret' }]
  ]
  for (const [text, environment, expected] of cases) {
    t.strictSame(load(t, text, environment).environment, expected, text)
  }
})

t.test('a line that is ignored although it looks like a setting causes a warning with its number', async t => {
  const cases: [text: string, ...warnings: string[]][] = [
    ['SERVER_NAME=a.example\nM_SERVER: b.example:443', 'line 2: has no "=" and is ignored; write M_SERVER=value'],
    ['\n\n  port 80\r\nHOST=::', 'line 3: has no "=" and is ignored; write PORT=value'],
    ['a secret', 'line 1: has no "=" and is ignored; write NAME=value'],
    ['m_server=b.example', 'line 1: sets "m_server", which is ignored; use M_SERVER'],
    ['export Port_File=/x', 'line 1: sets "Port_File", which is ignored; use PORT_FILE'],
    ['M SERVER=b.example',
      'line 1: sets "M SERVER", a name with white space, which is ignored; use M_SERVER'],
    ['my server=b.example',
      'line 1: sets "my server", a name with white space, which is ignored; use a name such as SERVER_NAME'],
    ['#M_SERVER: x\n\n  # y\nexport PORT=1\nPORT = 2\nhttp_proxy=x\nEMPTY=\n'],
    ['A="first\nM_SERVER: second\n"\nB', 'line 4: has no "=" and is ignored; write NAME=value'],
    ["A='{\n  \"b\": 1\n}'\nM_SERVER=x"],
    ['A=`x\ny`\nA="closed" # comment\nB', 'line 4: has no "=" and is ignored; write NAME=value'],
    ['A="never closed\nB', 'line 2: has no "=" and is ignored; write NAME=value'],
    ["A=don't\nB", 'line 2: has no "=" and is ignored; write NAME=value']
  ]
  for (const [text, ...warnings] of cases) {
    const messages = load(t, text).warnings.map(({ message }) => message.replace(/^.*\.env, /, ''))
    t.strictSame(messages, warnings, JSON.stringify(text))
  }
})

t.test('a line that is ignored takes no other with it', async t => {
  const text = 'M_SERVER: typo\nSERVER_NAME=a.example\nm_server="b\nHOST=x"\nPORT=1 # M_SERVER: x\nx'
  t.strictSame(load(t, text).environment, { SERVER_NAME: 'a.example', PORT: '1' })
})

t.test("a file that isn't a .env causes few warnings, and takes no long time", async t => {
  const { warnings } = load(t, 'garbage\n'.repeat(500_000 / 8))
  t.strictSame(warnings.length, 11)
  t.match(warnings.at(-1), { variable: undefined, message: /\.env, 62490 more lines are ignored$/ })
  // Each of these took minutes.
  for (const text of [`a${' '.repeat(1_000_000)}b`, 'A="\n"\n'.repeat(170_000), `A='${'\n'.repeat(1_000_000)}'`]) {
    t.strictSame(load(t, text).warnings.length, text.startsWith('a') ? 1 : 0)
  }
})

t.test('a name in lower case or with a space sets nothing, so it is reported only once', async t => {
  t.strictSame(load(t, 'm_server=b.example\nM SERVER=b.example\nhttp_proxy=x').environment, { http_proxy: 'x' })
})

t.test("a .env that can't be read is a fault", async t => {
  const dir = t.testdir({ '.env': {}, x: Buffer.from([0xc3]) })
  const path = join(dir, '.env')
  const message = `${path}: not a regular file; use the path of another file`
  t.throws(() => loadEnvironment(path, {}), { name: 'ConfigError', message })
  t.throws(() => loadEnvironment(join(dir, 'x'), {}), { message: /: not text in UTF-8; save it as UTF-8$/ })
  t.throws(() => loadEnvironment('/proc/self/pagemap', {}), { message: /^\/proc\/self\/pagemap: / })
})
