import {
  chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, truncateSync,
  unlinkSync, writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { ExportError } from '../../src/export/export-error.ts'
import { manifestPath } from '../../src/export/manifest.ts'
import type { Plan } from '../../src/export/plan.ts'
import type { OutputFile } from '../../src/export/target.ts'
import { writeFiles } from '../../src/export/write.ts'

const server: OutputFile = { path: '.well-known/matrix/server', text: '{"m.server":"m.example.com:443"}' }
const support: OutputFile = { path: '.well-known/matrix/support', text: '{"support_page":"https://example.com/"}' }
const rules: OutputFile = {
  path: '_headers',
  text: 'rules\n',
  shared: { isIn: existing => existing.includes('rules'), fix: 'add them' }
}
const script: OutputFile = { path: 'upload.sh', text: '#!/bin/sh\n', isExecutable: true }
const all = [server, support, rules, script]
/** The second one can't be written, because the first one makes a folder of its path. */
const impossible: OutputFile[] = [{ path: 'a/b', text: '' }, { path: 'a', text: '' }]

/** The files of a folder with their content, time and mode. */
function contentOf (folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return Object.fromEntries(names.toSorted().filter(name => lstatSync(join(folder, name)).isFile()).map(name => {
    const { mtimeMs, ino, mode } = statSync(join(folder, name))
    return [name, `${readFileSync(join(folder, name), 'utf8')} ${mtimeMs} ${ino} ${mode}`]
  }))
}

function paths (plan: Plan): Record<string, readonly string[]> {
  const { written, unchanged, toMerge, removed, leftOver } = plan
  const of = (files: readonly OutputFile[]): string[] => files.map(({ path }) => path)
  const entries = { written: of(written), unchanged: of(unchanged), toMerge: of(toMerge), removed, leftOver }
  return Object.fromEntries(Object.entries(entries).filter(([, list]) => list.length > 0))
}

/** A folder that does not exist yet, in one that does. */
function newFolder (t: Test): string {
  return join(t.testdir(), 'a/b')
}

function read (folder: string, { path }: OutputFile): string {
  return readFileSync(join(folder, path), 'utf8')
}

/** The messages of an export that is refused, which must change nothing. */
function refusal (t: Test, folder: string, files: readonly OutputFile[] = all): readonly string[] {
  const before = contentOf(folder)
  try {
    writeFiles(folder, files)
  } catch (error) {
    if (!(error instanceof ExportError)) throw error
    t.strictSame(contentOf(folder), before)
    return error.messages
  }
  return []
}

t.test('writes all files and a list of them, and nothing the second time', async t => {
  const folder = newFolder(t)
  t.strictSame(paths(writeFiles(folder, all)), { written: all.map(({ path }) => path) })
  for (const file of all) t.equal(read(folder, file), file.text)
  t.ok((statSync(join(folder, script.path)).mode & 0o100) > 0, 'executable')
  t.equal(statSync(join(folder, rules.path)).mode & 0o111, 0)
  t.strictSame(Object.keys(contentOf(folder)), [manifestPath, ...all.map(({ path }) => path)].toSorted())
  const before = contentOf(folder)
  t.strictSame(paths(writeFiles(folder, all)), { unchanged: all.map(({ path }) => path) })
  t.strictSame(contentOf(folder), before)
})

t.test('replaces only what has changed, and keeps permissions', async t => {
  const folder = newFolder(t)
  writeFiles(folder, all)
  chmodSync(join(folder, server.path), 0o640)
  const { [support.path]: before } = contentOf(folder)
  const changed = { ...server, text: '{"m.server":"other.example.com:443"}' }
  const changedRules = { ...rules, text: 'other rules\n' }
  const plan = writeFiles(folder, [changed, support, changedRules, script])
  t.strictSame(paths(plan), { written: [server.path, rules.path], unchanged: [support.path, script.path] })
  t.equal(read(folder, server), changed.text)
  t.equal(read(folder, rules), changedRules.text)
  t.equal(statSync(join(folder, server.path)).mode & 0o777, 0o640)
  t.equal(contentOf(folder)[support.path], before)
})

t.test('removes a document that is no longer configured, if it has not changed', async t => {
  const folder = newFolder(t)
  writeFiles(folder, all)
  t.strictSame(paths(writeFiles(folder, [server])),
    { unchanged: [server.path], removed: [support.path], leftOver: [rules.path, script.path] })
  t.equal(existsSync(join(folder, support.path)), false)
  t.equal(read(folder, rules), rules.text, 'only documents are removed')
  t.strictSame(paths(writeFiles(folder, [server])),
    { unchanged: [server.path], leftOver: [rules.path, script.path] }, 'says so each time')
  unlinkSync(join(folder, rules.path))
  t.strictSame(paths(writeFiles(folder, [server])), { unchanged: [server.path], leftOver: [script.path] })
  t.strictSame(paths(writeFiles(folder, [script])), { unchanged: [script.path], removed: [server.path] })
})

t.test('a document that was changed after the export is neither replaced nor removed', async t => {
  const folder = newFolder(t)
  writeFiles(folder, all)
  writeFileSync(join(folder, support.path), '{"changed":true}')
  t.strictSame(refusal(t, folder), [
    `${join(folder, support.path)}: it wasn't written by export, or changed since; move it away, then export again`
  ])
  t.strictSame(paths(writeFiles(folder, [server, rules, script])),
    { unchanged: [server.path, rules.path, script.path], leftOver: [support.path] })
  t.equal(read(folder, support), '{"changed":true}')
})

t.test('a file of the site is never replaced', async t => {
  for (const [existing, expected] of [
    ['something else', { written: [server.path], toMerge: [rules.path] }],
    ['with rules', { written: [server.path], unchanged: [rules.path] }],
    [rules.text, { written: [server.path], unchanged: [rules.path] }]
  ] as const) {
    const folder = t.testdir({ _headers: existing, 'index.html': 'a page' })
    t.strictSame(paths(writeFiles(folder, [server, rules])), expected, existing)
    t.equal(read(folder, rules), existing)
    // Even if it happened to have the same content: it is not in the list.
    const { text } = rules
    const plan = writeFiles(folder, [server, { ...rules, text: 'new', shared: { isIn: () => false, fix: '' } }])
    t.strictSame(paths(plan), { unchanged: [server.path], toMerge: [rules.path] }, text)
    t.equal(read(folder, rules), existing)
    t.strictSame(paths(writeFiles(folder, [])), { removed: [server.path] })
    t.strictSame(readdirSync(folder).toSorted(), [manifestPath, '.well-known', '_headers', 'index.html'].toSorted())
  }
})

t.test('an exported file that the site has changed is no longer replaced', async t => {
  const folder = newFolder(t)
  writeFiles(folder, [rules])
  writeFileSync(join(folder, rules.path), 'something else')
  t.strictSame(paths(writeFiles(folder, [rules])), { toMerge: [rules.path] })
  t.strictSame(paths(writeFiles(folder, [])), {})
  t.equal(read(folder, rules), 'something else')
})

t.test('all obstacles are reported at once, and nothing is written', async t => {
  const outside = t.testdir({ server: 'outside', folder: {} })
  const folder = join(outside, 'folder')
  mkdirSync(join(folder, '.well-known'))
  symlinkSync(outside, join(folder, '.well-known/matrix'))
  mkdirSync(join(folder, rules.path))
  writeFileSync(join(folder, script.path), 'mine')
  const link = 'a symbolic link, which may lead out of the folder'
  t.strictSame(refusal(t, folder), [
    `${join(folder, '.well-known/matrix')}: ${link}; move it away, then export again`,
    `${join(folder, rules.path)}: not a regular file; move it away, then export again`,
    `${join(folder, script.path)}: it wasn't written by export, or changed since; move it away, then export again`
  ])
  t.equal(readFileSync(join(outside, 'server'), 'utf8'), 'outside')
})

t.test('links, folders and large files in place of a file', async t => {
  const target = t.testdir({ secret: 'secret' })
  const cases: [prepare: (place: string) => void, fault: string][] = [
    [place => symlinkSync(join(target, 'secret'), place), 'a symbolic link, which may lead out of the folder'],
    [place => symlinkSync(join(target, 'missing'), place), 'a symbolic link, which may lead out of the folder'],
    [place => mkdirSync(place), 'not a regular file'],
    [place => { writeFileSync(place, ''); truncateSync(place, 20_000_000) }, 'larger than 16777216 bytes']
  ]
  for (const [index, [prepare, fault]] of cases.entries()) {
    const folder = join(target, String(index))
    mkdirSync(folder)
    prepare(join(folder, rules.path))
    t.strictSame(refusal(t, folder, [rules]),
      [`${join(folder, rules.path)}: ${fault}; move it away, then export again`])
  }
  t.strictSame(readdirSync(target).toSorted(), ['0', '1', '2', '3', 'secret'])
  t.equal(readFileSync(join(target, 'secret'), 'utf8'), 'secret')
})

t.test('a file in place of a folder', async t => {
  const folder = t.testdir({ '.well-known': 'a file' })
  t.strictSame(refusal(t, folder, [server]),
    [`${join(folder, '.well-known')}: not a folder; move it away, then export again`])
})

t.test('the folder itself may be a link, but not a file', async t => {
  const base = t.testdir({ real: {}, file: 'a file' })
  symlinkSync(join(base, 'real'), join(base, 'link'))
  writeFiles(join(base, 'link'), [server])
  t.equal(readFileSync(join(base, 'real', server.path), 'utf8'), server.text)
  t.throws(() => writeFiles(join(base, 'file'), [server]),
    { code: 'ERR_EXPORT', message: `${join(base, 'file')}: it is a file; use the path of a folder` })
  t.throws(() => writeFiles(join(base, 'file/a'), [server]),
    { code: 'ERR_EXPORT', message: 'a part of the path is a file' })
  symlinkSync(join(base, 'nowhere'), join(base, 'dangling'))
  t.throws(() => writeFiles(join(base, 'dangling'), [server]), { code: 'ERR_EXPORT', message: /leads nowhere/ })
  symlinkSync(join(base, 'circle'), join(base, 'circle'))
  t.throws(() => writeFiles(join(base, 'circle'), [server]), { code: 'ERR_EXPORT' })
})

t.test('a folder is created with those above it, unless the file system refuses that', async t => {
  const base = t.testdir()
  writeFiles(join(base, 'a/b/../c'), [server])
  t.equal(readFileSync(join(base, 'a/c', server.path), 'utf8'), server.text)
  const refused = { code: 'ERR_EXPORT', message: /^\/proc\/a\/b: it can't be created there/ }
  t.throws(() => writeFiles('/proc/a/b', [server]), refused)
})

t.test("a list that export did not write isn't used", async t => {
  const folder = t.testdir({ [manifestPath]: '{"files":{"../outside":["1"]}}' })
  t.strictSame(refusal(t, folder), [
    `${join(folder, manifestPath)}: not the list of files that export keeps there; remove it and the exported files`
  ])
  const other = join(folder, 'other')
  mkdirSync(other)
  symlinkSync(join(folder, manifestPath), join(other, manifestPath))
  t.match(refusal(t, other), [/^.*: a symbolic link/])
})

t.test('a forged list removes nothing but documents with the content that it names', async t => {
  const folder = newFolder(t)
  writeFiles(folder, all)
  // Someone adds another file of the site to the list, with its correct hash.
  writeFileSync(join(folder, 'index.html'), rules.text)
  const text = readFileSync(join(folder, manifestPath), 'utf8')
  writeFileSync(join(folder, manifestPath), text.replace('"_headers"', '"index.html"'))
  t.match(paths(writeFiles(folder, [])), { leftOver: ['index.html', 'upload.sh'] })
  t.equal(readFileSync(join(folder, 'index.html'), 'utf8'), rules.text)
})

t.test('after an interruption, the next export finishes the work', async t => {
  const folder = newFolder(t)
  writeFiles(folder, all)
  const changed = all.map(file => ({ ...file, text: `new ${file.text}` }))
  t.throws(() => writeFiles(folder, [...changed, ...impossible]), { code: 'ERR_EXPORT', message: /\/a: / })
  writeFiles(folder, changed)
  for (const file of changed) t.equal(read(folder, file), file.text)
  writeFiles(folder, all)
  for (const file of all) t.equal(read(folder, file), file.text)
})

t.test("a file that can't be written leaves no temporary file behind", async t => {
  const folder = newFolder(t)
  t.throws(() => writeFiles(folder, impossible), { code: 'ERR_EXPORT' })
  t.strictSame(Object.keys(contentOf(folder)), [manifestPath, 'a/b'])
  t.throws(() => writeFiles(newFolder(t), [{ path: 'y'.repeat(300), text: '' }]), {
    code: 'ERR_EXPORT', message: 'the name is too long for the file system; use a shorter path'
  })
})
