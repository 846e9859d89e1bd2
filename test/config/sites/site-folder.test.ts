import { chmodSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { listSiteFiles, loadSiteFolder } from '../../../src/config/sites/site-folder.ts'

t.test('site files end in .env and are not hidden', async t => {
  const folder = t.testdir({
    'b.env': '',
    'a.env': '',
    'c.env': {},
    '.env': '',
    '.a.env.swp': '',
    '.a.env': '',
    'a.env~': '',
    '#a.env#': '',
    'a.env.bak': '',
    'a.ENV': '',
    README: '',
    '..2026': { 'd.env': '' },
    nested: { 'e.env': '' },
    'd.env': t.fixture('symlink', '..2026/d.env')
  })
  t.strictSame(await listSiteFiles(folder), ['a.env', 'b.env', 'c.env', 'd.env'].map(name => join(folder, name)))
})

t.test("a folder that can't be read, or has too many files, is one fault", async t => {
  const folder = t.testdir({ 'a.env': '', 'b.env': '' })
  const loop = join(folder, 'loop')
  symlinkSync('loop', loop)
  const cases: [path: string, message: string | RegExp][] = [
    [join(folder, 'missing'), 'no such folder; create it, or use the path of another one'],
    [join(folder, 'a.env'), 'not a folder; use the path of one'],
    [loop, /^can't be read \(ELOOP.*\); use the path of another folder$/]
  ]
  for (const [path, message] of cases) await t.rejects(listSiteFiles(path), { code: 'ERR_SITE_FOLDER', message })
  const message = 'has more than 1 files; use several processes, each with a folder of its own'
  await t.rejects(listSiteFiles(folder, 1), { message })
})

const asRoot = process.getuid?.() === 0 && 'root can read every folder'

t.test("a folder whose files can't be read is one fault, not one for each file", { skip: asRoot }, async t => {
  const folder = t.testdir({ 'a.env': '', 'b.env': '' })
  t.teardown(() => { chmodSync(folder, 0o755) })
  for (const mode of [0o644, 0o311, 0]) {
    chmodSync(folder, mode)
    await t.rejects(listSiteFiles(folder), {
      message: 'no permission to read its files; give the user of this process "r" and "x" on the folder'
    })
  }
})

t.test('each file is loaded, with its own faults', async t => {
  const folder = t.testdir({ 'a.env': 'SERVER_NAME=a.example', 'b.env': 'SERVER_NAME=b..example', 'c.env': {} })
  t.match(await loadSiteFolder(folder), [
    { file: join(folder, 'a.env'), config: { site: { serverName: 'a.example' } }, faults: [] },
    { file: join(folder, 'b.env'), config: undefined, faults: [{ variable: 'SERVER_NAME' }] },
    { file: join(folder, 'c.env'), config: undefined, faults: [{ variable: undefined, message: /^not a regular/ }] }
  ])
})

t.test('two sites with one host are a fault in both files, and no other file is affected', async t => {
  const folder = t.testdir({
    'a.env': 'SERVER_NAME=Example.com:8448\nHOST_ALIASES=xn--bcher-kva.example,m.example.com',
    'b.env': 'SERVER_NAME=example.COM\nM_SERVER=m.example.com',
    'c.env': 'SERVER_NAME=c.example\nHOST_ALIASES=XN--BCHER-KVA.example',
    'd.env': 'SERVER_NAME=[2001:db8::1]',
    'e.env': 'SERVER_NAME=[2001:DB8:0::1]:443',
    'f.env': 'SERVER_NAME=f.example\nHOST_ALIASES=F.example,other.example'
  })
  const found = (await loadSiteFolder(folder)).map(({ file, config, faults }) =>
    [basename(file), config !== undefined, ...faults.map(({ message }) => message.replaceAll(`${folder}/`, ''))])
  const fix = 'keep it in only one'
  t.strictSame(found, [
    ['a.env', false,
      `SERVER_NAME has the host "example.com", which is also in b.env (SERVER_NAME); ${fix}`,
      `HOST_ALIASES has the host "xn--bcher-kva.example", which is also in c.env (HOST_ALIASES); ${fix}`],
    ['b.env', false, `SERVER_NAME has the host "example.com", which is also in a.env (SERVER_NAME); ${fix}`],
    ['c.env', false,
      `HOST_ALIASES has the host "xn--bcher-kva.example", which is also in a.env (HOST_ALIASES); ${fix}`],
    ['d.env', false, `SERVER_NAME has the host "[2001:db8::1]", which is also in e.env (SERVER_NAME); ${fix}`],
    ['e.env', false, `SERVER_NAME has the host "[2001:db8::1]", which is also in d.env (SERVER_NAME); ${fix}`],
    ['f.env', true]
  ])
})

t.test('of many files with one host, a few are named', async t => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'].map(name => `${name}.env`)
  const folder = t.testdir(Object.fromEntries(names.map(name => [name, 'SERVER_NAME=a.example'])))
  const [first, ...others] = await loadSiteFolder(folder)
  t.match(first?.faults, [{
    message: /also in .*b\.env \(SERVER_NAME\), .*c\.env \(SERVER_NAME\), .*d\.env \(SERVER_NAME\), 2 more; keep/
  }])
  t.equal(others.filter(({ config }) => config === undefined).length, 5)
})
