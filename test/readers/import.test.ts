import { execFile } from 'node:child_process'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { readFileSource } from '../../src/import/file-source.ts'
import { importFrom } from '../support/imports.ts'

const python = process.env.READER_SYNAPSE
const run = promisify(execFile)

/** Prints what Synapse makes of configuration files. */
const merge = `
import json, sys
from synapse.config._base import find_config_files, read_config_files
print(json.dumps(read_config_files(find_config_files(sys.argv[1:])), default=str))`

t.test('what Synapse generates is imported', { skip: python === undefined && 'Synapse is not installed' }, async t => {
  const cwd = t.testdir()
  const args = ['--generate-config', '-H', 'example.com', '-c', 'homeserver.yaml', '--report-stats=no']
  await run(String(python), ['-m', 'synapse.app.homeserver', ...args], { cwd })
  const file = join(cwd, 'homeserver.yaml')
  const bare = importFrom(readFileSource([file]).description)
  t.strictSame({ ...bare.environment }, { SERVER_NAME: 'example.com', SERVE_SERVER_WELLKNOWN: 'false' })

  // Later files replace whole keys; duplicate keys, YAML 1.1 and aliases are as PyYAML has them.
  appendFileSync(file, '\npublic_baseurl: https://old.example\nextra_well_known_client_content: {com.example.old: 1}\n')
  writeFileSync(join(cwd, 'z.yaml'), 'public_baseurl: https://a.example\npublic_baseurl: &u https://m.example.com/\n' +
    'extra_well_known_client_content: {com.example.on: on, com.example.octal: 010, com.example.url: *u, ' +
    'com.example.y: y, com.example.zip: 08123, com.example.exponent: 1e3, com.example.time: 01:30}\n')
  // Before that, it names the files that it ignores.
  const { stdout } = await run(String(python), ['-c', merge, cwd], { cwd })
  const merged = JSON.parse(String(stdout.trimEnd().split('\n').at(-1))) as Record<string, unknown>
  const { environment, file: printed } = importFrom(readFileSource([cwd]).description)
  t.equal(environment['SERVER_NAME'], merged['server_name'])
  t.equal(`${environment['M_HOMESERVER_BASE_URL']}/`, merged['public_baseurl'])
  const extra = JSON.parse(String(environment['EXTRA_WELL_KNOWN_CLIENT_CONTENT'])) as unknown
  t.strictSame(extra, merged['extra_well_known_client_content'])
  for (const name of ['macaroon_secret_key', 'registration_shared_secret', 'form_secret']) {
    t.notOk(printed.includes(String(merged[name])), name)
  }
})
