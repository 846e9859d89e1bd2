import { execFileSync } from 'node:child_process'
import { appendFileSync, chmodSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readTextFile } from '../../src/config/text-file.ts'

t.test('reads text files up to the limit', async t => {
  const dir = t.testdir({ text: '\ufeffmünchen\n', limit: 'x'.repeat(1_048_576), empty: '' })
  t.equal(readTextFile(join(dir, 'text')), 'münchen\n')
  t.equal(readTextFile(join(dir, 'limit')), 'x'.repeat(1_048_576))
  t.equal(readTextFile(join(dir, 'empty')), '')
  t.equal(readTextFile(join(dir, 'text'), 12), 'münchen\n')
})

t.test('rejects everything else with the fault and the fix, and without blocking', async t => {
  const dir = t.testdir({
    binary: Buffer.from([0xff, 0x80]),
    'utf-16-le': Buffer.from('\ufeffSERVER_NAME=a.example', 'utf16le'),
    'utf-16-be': Buffer.from('\ufeffa', 'utf16le').swap16(),
    'utf-16': Buffer.from('SERVER_NAME=a.example', 'utf16le'),
    big: 'x'.repeat(1_048_577),
    value: 'x',
    folder: {}
  })
  execFileSync('mkfifo', [join(dir, 'pipe')])
  const cases: [path: string, message: string | RegExp, missing?: boolean][] = [
    [join(dir, 'missing'), 'no such file; use the path of another file', true],
    [join(dir, 'value/x'), 'no such file; use the path of another file', true],
    [join(dir, 'folder'), 'not a regular file; use the path of another file'],
    [join(dir, 'pipe'), 'not a regular file; use the path of another file'],
    ['/dev/zero', 'not a regular file; use the path of another file'],
    [join(dir, 'big'), 'larger than 1048576 bytes; use the path of another file'],
    [join(dir, 'utf-16'), 'not text; use the path of another file'],
    [join(dir, 'utf-16-le'), 'text in UTF-16; save it as UTF-8'],
    [join(dir, 'utf-16-be'), 'text in UTF-16; save it as UTF-8'],
    [join(dir, 'binary'), 'not text in UTF-8; save it as UTF-8'],
    [join(dir, 'x\0y'), /^can't be read \(.*null bytes.*\); use the path of another file$/]
  ]
  for (const [path, message, missing = false] of cases) {
    t.match(readTextFile(path), { name: 'TextFileError', code: 'ERR_TEXT_FILE', message, missing }, path)
  }
  t.match(readTextFile(join(dir, 'value'), 0), { message: 'larger than 0 bytes; use the path of another file' })
})

const withoutProc = process.platform !== 'linux' && 'there is no /proc'

t.test('never reads more than the limit, even if the file claims to be smaller', { skip: withoutProc }, async t => {
  // These files have size 0 and are practically endless.
  for (const path of ['/proc/self/pagemap', '/proc/self/mem']) {
    t.match(readTextFile(path), { code: 'ERR_TEXT_FILE', message: /larger than 1048576 bytes|can't be read/ }, path)
  }
  t.match(readTextFile('/proc/self/status'), /^Name:/)
})

t.test('a file that grows while it is read is cut off at the limit', async t => {
  const file = join(t.testdir({ file: '' }), 'file')
  for (let size = 0; size <= 300_000; size += 100_000) {
    if (size <= 200_000) t.equal(readTextFile(file, 200_000), 'x'.repeat(size))
    else t.match(readTextFile(file, 200_000), { message: /^larger than 200000 bytes/ })
    appendFileSync(file, 'x'.repeat(100_000))
  }
})

const asRoot = process.getuid?.() === 0 && 'root can read every file'

t.test('missing permission to read a file is reported', { skip: asRoot }, async t => {
  const dir = t.testdir({ secret: 'x' })
  chmodSync(join(dir, 'secret'), 0)
  const message = 'no permission to read it; give it to the user of this process'
  t.match(readTextFile(join(dir, 'secret')), { message })
})
