import t from 'tap'
import { Slots } from '../../src/monitor/slots.ts'

t.test('as many tasks run at once as there are slots, the others in order', async t => {
  const slots = new Slots(2)
  const started: number[] = []
  const finish: Array<() => void> = []
  const tasks = [0, 1, 2, 3].map(async number => await slots.run(async () => {
    started.push(number)
    await new Promise<void>(resolve => { finish[number] = resolve })
    return number
  }))
  t.strictSame(started, [0, 1])
  finish[1]?.()
  t.equal(await tasks[1], 1)
  t.strictSame(started, [0, 1, 2])
  finish[0]?.()
  finish[2]?.()
  await Promise.all([tasks[0], tasks[2]])
  t.strictSame(started, [0, 1, 2, 3])
  finish[3]?.()
  t.equal(await tasks[3], 3)
})

t.test('a task that fails frees its slot', async t => {
  const slots = new Slots(1)
  await t.rejects(slots.run(async () => { throw new Error('no') }), { message: 'no' })
  t.equal(await slots.run(async () => 'next'), 'next')
})
