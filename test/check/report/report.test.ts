import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import ajvFormats from 'ajv-formats'
import t from 'tap'
import type { CheckOptions } from '../../../src/check/check.ts'
import { html, redirect } from '../../support/responses.ts'
import { byteOrderMark, endlessBody } from '../../support/bad-bodies.ts'
import { checkWorld } from '../../support/check-world.ts'
import { forbidDotPaths } from '../../support/guards.ts'
import { startHealthyWorld } from '../../support/healthy-world.ts'
import type { Changes } from '../../support/healthy-world.ts'

const ajv = new Ajv({ allowUnionTypes: true })
ajvFormats.default(ajv)
const validate = ajv.compile(
  JSON.parse(readFileSync(new URL('../../../docs/report.schema.json', import.meta.url), 'utf8')) as object
)

t.test('every report matches its schema', async t => {
  const cases: [title: string, changes: Changes, options?: CheckOptions][] = [
    ['healthy', {}],
    ['federation alone', {}, { only: 'federation' }],
    ['clients alone', {}, { only: 'client' }],
    ['documents alone', {}, { only: 'documents' }],
    ["a host that doesn't exist", { records: { 'example.com': undefined } }],
    ["a homeserver that doesn't listen", { hosts: { '45.0.0.3:443': undefined } }],
    [
      'no such service',
      {
        site: { 'GET /.well-known/matrix/server': undefined },
        records: { '_matrix-fed._tcp.example.com': { SRV: [{ priority: 0, weight: 0, port: 0, target: '.' }] } }
      }
    ],
    ['forbidden', { guard: forbidDotPaths }],
    ['plain HTTP', { hosts: { '45.0.0.2:443': 'plain' } }],
    ['a redirect', { site: { 'GET /.well-known/matrix/client': redirect('/elsewhere') } }],
    [
      'nonsense',
      {
        site: {
          'GET /.well-known/matrix/server': html('<html>'),
          'GET /.well-known/matrix/client': byteOrderMark({}),
          'GET /.well-known/matrix/support': endlessBody()
        }
      }
    ]
  ]
  for (const [title, changes, options] of cases) {
    const report = await checkWorld(await startHealthyWorld(t, changes), options)
    validate(JSON.parse(JSON.stringify(report)))
    t.strictSame(validate.errors ?? [], [], title)
    const order = report.findings.map(({ severity }) => ['failure', 'warning', 'notice'].indexOf(severity))
    t.strictSame(order, order.toSorted(), `${title}: the worst first`)
  }
})

t.test('the schema rejects other reports', async t => {
  const report = await checkWorld(await startHealthyWorld(t))
  for (const wrong of [{ version: 1 }, { verdict: {} }, { findings: [{ id: 'x' }] }, { another: 1 }]) {
    t.notOk(validate({ ...(JSON.parse(JSON.stringify(report)) as object), ...wrong }), JSON.stringify(wrong))
  }
})
