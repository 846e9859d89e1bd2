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

t.test('a task that waits for something else leaves its slot to the next, once', async t => {
  const slots = new Slots(1)
  const finish: Array<() => void> = []
  const first = slots.run(async leave => {
    await new Promise<void>(resolve => { finish.push(resolve) })
    leave()
    leave()
    await new Promise<void>(resolve => { finish.push(resolve) })
  })
  const second = slots.run(async () => 'second')
  finish[0]?.()
  t.equal(await second, 'second')
  finish[1]?.()
  await first
  const started: number[] = []
  const more = [1, 2].map(async number => await slots.run(async () => { started.push(number) }))
  t.strictSame(started, [1], 'there is one slot, as before')
  await Promise.all(more)
})

t.test('not all tasks can leave their slot, because each takes memory', async t => {
  const slots = new Slots(1)
  const finish: Array<() => void> = []
  const started: number[] = []
  const tasks = Array.from({ length: 110 }, async (_, number) => await slots.run(async leave => {
    started.push(number)
    leave()
    await new Promise<void>(resolve => { finish.push(resolve) })
  }))
  while (started.length < 101) await new Promise(resolve => setImmediate(resolve))
  await new Promise(resolve => setImmediate(resolve))
  t.equal(started.length, 101, 'the last one keeps the slot')
  while (started.length < 110 || finish.length > 0) {
    finish.shift()?.()
    await new Promise(resolve => setImmediate(resolve))
  }
  await Promise.all(tasks)
})
