import t from 'tap'
import { documents } from '../proxies/backends.ts'
import { nginx } from '../proxies/proxies.ts'
import { startSetup } from '../proxies/setup.ts'
import { count } from './size.ts'

const clients = count(64, 16)
const rounds = count(3, 1)
const between = count(2_000, 500)
const path = '/.well-known/matrix/server'

t.test('behind nginx, no request fails while two sidecars are restarted in turn under full load', async t => {
  const setting = await startSetup(t, nginx)
  const failures: string[] = []
  let completed = 0
  let notify = (): void => {}
  const over = new AbortController()
  const begin = performance.now()
  const traffic = Array.from({ length: clients }, async (_, i) => {
    const client = setting.open(t, i % 8 === 0 ? 'h2' : 'https', 'example.com', 'https')
    while (!over.signal.aborted) {
      try {
        const { status, body } = await client.send({ method: 'GET', path })
        if (status !== 200 || body !== documents.server) failures.push(`${status} ${body}`)
      } catch (error) {
        failures.push(String(error))
      }
      completed++
      notify()
    }
  })
  async function completeMore (): Promise<void> {
    const enough = completed + between
    await new Promise<void>(resolve => { notify = () => { if (completed >= enough) resolve() } })
  }
  for (let round = 0; round < rounds; round++) {
    for (const index of [0, 1] as const) {
      await completeMore()
      t.equal(await setting.restartSidecar(index, completeMore), 0)
    }
  }
  const seconds = (performance.now() - begin) / 1000
  over.abort()
  await Promise.all(traffic)
  const rate = Math.round(completed / seconds)
  t.comment(`${completed} requests over ${clients} connections, ${rate} per second, ${2 * rounds} restarts`)
  t.strictSame(failures.slice(0, 5), [], `of ${completed}`)
})
