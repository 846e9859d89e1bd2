import t from 'tap'
import { packReport } from '../../src/monitor/packed-report.ts'
import { checkWorld } from '../support/check-world.ts'
import { startHealthyWorld } from '../support/healthy-world.ts'
import { makeHostile } from '../support/hostile-report.ts'

t.test('a packed report has all that it had', async t => {
  const report = await checkWorld(await startHealthyWorld(t))
  for (const before of [report, makeHostile(report)]) {
    const packed = packReport(before)
    t.strictSame(packed, before)
    t.strictSame(packed.exchanges, before.exchanges)
    t.ok(packed.exchanges.length > 10)
    t.equal(JSON.stringify(packed), JSON.stringify(before))
  }
})

t.test('a packed report keeps no request and no response', async t => {
  const report = await checkWorld(await startHealthyWorld(t))
  const packed = packReport(report)
  t.not(packed.exchanges, packed.exchanges, 'they are made when they are read')
  t.not(packed.exchanges[0], report.exchanges[0])
})
