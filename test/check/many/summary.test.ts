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

t.test('names that are as bad as each other come in their order', async t => {
  const report = await checkWorld(await startHealthyWorld(t), { dns: '127.0.0.1:1' })
  const summary = new Summary(3, false)
  for (const serverName of ['n10.example', 'm.example', 'n9.example']) {
    summary.add({ ...report, serverName }, { colour: false, glyphs: true })
  }
  const lines = summary.render({ colour: false, glyphs: true }).trimEnd().split('\n').slice(3)
  t.strictSame(lines.map(line => line.replace(/:.*/, '')), ['✗ m.example', '✗ n9.example', '✗ n10.example'])
  t.match(lines[0], / 1 warning\. \(discovery\.dns-server\)$/)
})

t.test('a terminal gets one line for each name, the whole text at the end, and the count where it is seen', async t => {
  const report = await checkWorld(await startHealthyWorld(t), { dns: '127.0.0.1:1' })
  const options = { colour: false, glyphs: true, columns: 60, rows: 8 }
  const summary = new Summary(2, false)
  const line = '✗ example.com: Federation and login could not be checked:…\n'
  t.equal(summary.add(report, options), line)
  t.equal(summary.add(report, { ...options, glyphs: false }), line.replace('✗', 'x').replace('…', '...'))
  const count = '2 names: 2 failing.'
  const name = [
    '✗ example.com: Federation and login could not be checked:',
    "  this machine's DNS server doesn't respond. 1 warning.",
    '  (discovery.dns-server)'
  ]
  t.strictSame(summary.render(options).split('\n'), ['', count, '', ...name, ...name, '', count, ''])
  t.strictSame(summary.render({ ...options, rows: 10 }).split('\n'), ['', count, '', ...name, ...name, ''])
})
