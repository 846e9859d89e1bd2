import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { loadSite } from '../../src/config/site-config.ts'
import { s3 } from '../../src/export/s3.ts'
import { buildDocuments } from '../../src/site/documents.ts'
import { generateHostileSettings } from '../support/hostile-settings.ts'
import { publicationOf } from '../support/publication.ts'

interface Call {
  readonly args: readonly string[]
  readonly stdin: string
}

interface Ran {
  readonly status: number | null
  readonly stderr: string
  readonly calls: readonly Call[]
}

/** Runs the script with a program in place of `aws` that writes down its arguments and standard input. */
function runScript (
  t: Test, environment: Readonly<Record<string, string>>, args: readonly string[], present: readonly string[] = []
): Ran {
  const folder = t.testdir()
  const [script] = s3.build(publicationOf(environment)).files
  const file = join(folder, 'upload.sh')
  writeFileSync(file, script?.text ?? '')
  t.equal(script?.isExecutable, true)
  execFileSync('bash', ['-n', file])
  const log = join(folder, 'log')
  writeFileSync(log, '')
  const aws = join(folder, 'aws')
  // A line break can't be in an argument, and is escaped in a document.
  writeFileSync(aws, `#!/bin/sh
    printf '%s\\n' "$#" "$@" >> ${log}
    case $2 in
      cp) cat >> ${log}; echo >> ${log}; [ "$4" != s3://no-such-bucket/.well-known/matrix/server ] ;;
      head-object) case ' ${present.join(' ')} ' in *" $6 "*) ;; *) exit 254 ;; esac ;;
    esac
  `)
  chmodSync(aws, 0o755)
  const { status, stderr } = spawnSync('sh', [file, ...args], {
    cwd: folder, encoding: 'utf8', env: { PATH: `${folder}:${process.env.PATH}` }
  })
  return { status, stderr, calls: readCalls(readFileSync(log, 'utf8').split('\n').slice(0, -1)) }
}

function readCalls ([count, ...lines]: readonly string[]): Call[] {
  if (count === undefined) return []
  const args = lines.slice(0, Number(count))
  const [stdin, rest] = args[1] === 'cp'
    ? [lines[args.length] ?? '', lines.slice(args.length + 1)]
    : ['', lines.slice(args.length)]
  return [{ args, stdin }, ...readCalls(rest)]
}

t.test('uploads each document with its type and caching, byte for byte', async t => {
  const { seed, environment, documents } = generateHostileSettings()
  const settings = { ...environment, EXTRA_WELL_KNOWN_DOCUMENTS: JSON.stringify(documents) }
  const { status, stderr, calls } = runScript(t, settings, ['bucket'])
  t.strictSame([status, stderr], [0, ''])
  const uploads = buildDocuments(loadSite(settings)).map(({ name, body }): Call => ({
    args: [
      's3', 'cp', '-', `s3://bucket/.well-known/matrix/${name}`,
      '--content-type', 'application/json', '--cache-control', 'public, max-age=7200'
    ],
    stdin: body
  }))
  t.ok(uploads.length > 90)
  t.strictSame(calls.slice(0, uploads.length), uploads, `SEED=${seed}`)
  t.strictSame(calls.slice(uploads.length).map(({ args }) => args),
    [['s3api', 'head-object', '--bucket', 'bucket', '--key', '.well-known/matrix/policy_server']])
})

t.test('reports a document that is in the bucket, but not configured, and deletes nothing', async t => {
  const { status, stderr, calls } = runScript(t, {}, ['bucket'], ['.well-known/matrix/support'])
  t.equal(status, 1)
  t.equal(stderr, "/.well-known/matrix/support isn't configured, but it is in the bucket. " +
    'Remove it: aws s3 rm s3://bucket/.well-known/matrix/support\n')
  t.strictSame(calls.filter(({ args }) => /^(rm|delete|sync)/.test(args[1] ?? '')), [])
})

t.test('invalidates CloudFront\'s copies if a distribution is given', async t => {
  const { status, calls } = runScript(t, {}, ['bucket', 'E123'])
  t.equal(status, 0)
  t.strictSame(calls.at(-1)?.args,
    ['cloudfront', 'create-invalidation', '--distribution-id', 'E123', '--paths', '/.well-known/matrix/*'])
})

t.test('stops at the first failure', async t => {
  const { status, calls } = runScript(t, {}, ['no-such-bucket'])
  t.equal(status, 1)
  t.equal(calls.length, 1)
})

t.test('a wrong command line uploads nothing', async t => {
  for (const args of [[], ['a', 'b', 'c']]) {
    const { status, stderr, calls } = runScript(t, {}, args)
    t.equal(status, 2)
    t.match(stderr, /^Usage: .*upload\.sh BUCKET \[CLOUDFRONT_DISTRIBUTION\]\n$/)
    t.strictSame(calls, [])
  }
})
