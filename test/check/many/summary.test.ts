import t from 'tap'
import { Summary } from '../../../src/check/many/summary.ts'
import type { Report } from '../../../src/check/report/report.ts'
import { checkWorld } from '../../support/check-world.ts'
import { startHealthyWorld } from '../../support/healthy-world.ts'

t.test('counts names, and lists those that have problems, the worst first', async t => {
  const healthy = await checkWorld(await startHealthyWorld(t), { only: 'documents' })
  const report = (serverName: string, verdict: Partial<Report['verdict']>): Report =>
    ({ ...healthy, serverName, verdict: { ...healthy.verdict, ...verdict } })
  const reports = [
    report('fine.example', {}),
    report('asks.example', { clients: 'asks' }),
    report('warned.example', { warnings: 2 }),
    report('failing.example', { federation: 'works', clients: 'fails', failures: 1 }),
    report('worst.example', { federation: 'fails', clients: 'fails', failures: 1 }),
    report('unknown.example', { federation: 'unknown' })
  ]
  const options = { colour: false, glyphs: true }
  const cases = [
    [false, '7 names: 3 failing, 2 with warnings, 1 without problems, 1 not checked.'],
    [true, '7 names: 4 failing, 1 with warnings, 1 without problems, 1 not checked.']
  ] as const
  for (const [strict, count] of cases) {
    const summary = new Summary(7, strict)
    const lines = reports.map(each => summary.add(each, options))
    t.match(lines[0], /^✓ fine\.example: /)
    t.match(lines[1], /^! asks\.example: /)
    const [, first, , ...listed] = summary.render(options).trimEnd().split('\n')
    t.equal(first, count)
    t.strictSame(listed.map(line => line.replace(/:.*/, '')), [
      '✗ worst.example', '✗ failing.example', '✗ unknown.example', '! asks.example',
      strict ? '✗ warned.example' : '! warned.example'
    ])
  }
})
