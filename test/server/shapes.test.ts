import t from 'tap'
import { startApp } from '../support/app.ts'
import { collectGarbage } from '../support/garbage.ts'
import { request } from '../support/http.ts'

t.test('what was made for the last request outlives garbage collection, and nothing older does', async t => {
  const made: WeakRef<object>[] = []
  const { port } = await startApp(t, {}, app => {
    app.addHook('onRequest', (_request, reply, done) => {
      made.push(new WeakRef(reply))
      done()
    })
  })
  for (let i = 0; i < 10; i++) await request(port, '/health')
  // A reference may outlive the turn of the event loop in which it was read.
  await new Promise(resolve => setImmediate(resolve))
  collectGarbage()
  t.ok(made.at(-1)?.deref())
  t.notOk(made[0]?.deref())
})
