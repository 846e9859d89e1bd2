import t from 'tap'
import type { Report, Verdict } from '../../src/check/report/report.ts'
import { applyReport, buildPendingState, isWorking } from '../../src/monitor/name-state.ts'
import type { NameState } from '../../src/monitor/name-state.ts'
import { describeChange } from '../../src/monitor/verdict-log.ts'
import { checkWorld } from '../support/check-world.ts'
import { startHealthyWorld } from '../support/healthy-world.ts'

const report = await checkWorld(await startHealthyWorld(t))

/** The report of a check at a minute, with another verdict. */
function reportAt (minute: number, verdict: Partial<Verdict>): Report {
  return { ...report, checkedAt: new Date(minute * 60_000).toISOString(), verdict: { ...report.verdict, ...verdict } }
}

const works = {}
const warns = { warnings: 1 }
const fails = { federation: 'fails', failures: 1 } as const
const unknown = { federation: 'unknown' } as const

/** The states after checks that are a minute apart. */
function follow (verdicts: ReadonlyArray<Partial<Verdict>>, confirmations: number): NameState[] {
  let state = buildPendingState('example.com')
  return verdicts.map((verdict, minute) => {
    state = applyReport(state, reportAt(minute, verdict), confirmations)
    return state
  })
}

t.test('a name counts as failing after enough failures in a row, and as working at once', async t => {
  const cases = [
    { checks: [works, fails, fails, fails, works], confirmations: 3, verdicts: 'works works works fails works' },
    { checks: [fails, fails, fails], confirmations: 3, verdicts: 'pending pending fails' },
    { checks: [fails, works, fails], confirmations: 2, verdicts: 'pending works works' },
    { checks: [fails, unknown, unknown, fails], confirmations: 2, verdicts: 'pending unknown unknown fails' },
    { checks: [warns, fails, warns], confirmations: 1, verdicts: 'works fails works' }
  ]
  for (const { checks, confirmations, verdicts } of cases) {
    t.equal(follow(checks, confirmations).map(({ verdict }) => verdict).join(' '), verdicts, verdicts)
  }
})

t.test('a verdict is as old as the check that confirmed it', async t => {
  const states = follow([fails, fails, fails, works, works, fails], 2)
  const minutes = states.map(({ since }) => since && since.getTime() / 60_000)
  t.strictSame(minutes, [undefined, 1, 1, 3, 3, 3])
})

t.test('whether a name works is unknown while it is pending', async t => {
  t.strictSame(follow([fails, fails, works], 2).map(isWorking), [undefined, false, true])
})

t.test('a change of the verdict is one line with the finding to fix first', async t => {
  const world = await startHealthyWorld(t, { site: { 'GET /.well-known/matrix/client': undefined } })
  const broken = await checkWorld(world)
  const states = [buildPendingState('example.com')]
  for (const next of [report, broken, broken, report, { ...report, verdict: { ...report.verdict, ...unknown } }]) {
    states.push(applyReport(states.at(-1) ?? buildPendingState(''), next, 1))
  }
  const lines = states.slice(1).map((state, i) => describeChange(state, states[i] ?? state))
  t.strictSame(lines.map(line => line?.message.replace(/: .*/, ': …')), [
    'example.com works',
    "example.com doesn't work: …",
    undefined,
    'example.com works again',
    "example.com can't be checked"
  ])
  const [first] = broken.findings
  t.match(lines[1], { serverName: 'example.com', verdict: 'fails', finding: first?.id })
  t.match(lines[1]?.message, `${first?.subject}: ${first?.what} ${first?.fix}`)
})
