import t from 'tap'
import { documents } from '../proxies/backends.ts'
import { nginx } from '../proxies/proxies.ts'
import { startSetup } from '../proxies/setup.ts'
import { count } from './size.ts'

const clients = count(64, 16)
const rounds = count(3, 1)
const between = count(2_000, 500)
const path = '/.well-known/matrix/server'

t.test('through nginx, with two sidecars of which one after the other is stopped under full load, no request fails', async t => {
  const setting = await startSetup(t, nginx)
  const failures: string[] = []
  let answered = 0
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
      answered++
      notify()
    }
  })
  async function answerMore (): Promise<void> {
    const enough = answered + between
    await new Promise<void>(resolve => { notify = () => { if (answered >= enough) resolve() } })
  }
  for (let round = 0; round < rounds; round++) {
    for (const index of [0, 1] as const) {
      await answerMore()
      t.equal(await setting.restartSidecar(index, answerMore), 0)
    }
  }
  const seconds = (performance.now() - begin) / 1000
  over.abort()
  await Promise.all(traffic)
  t.comment(`${answered} requests over ${clients} connections, ${Math.round(answered / seconds)} a second, ${2 * rounds} restarts`)
  t.strictSame(failures.slice(0, 5), [], `of ${answered}`)
})
