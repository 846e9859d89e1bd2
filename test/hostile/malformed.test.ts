import { connect } from 'node:net'
import { setImmediate as breathe } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import { closed, request } from '../support/http.ts'
import { malformed, smuggledPath } from './requests.ts'
import type { Malformed } from './requests.ts'
import { parseResponses } from './responses.ts'
import { eventually, image, residentMemory, serverDocument, serverPath, startServer } from './server.ts'
import { count, seed } from './size.ts'

const total = count(100_000, 5_000)
/** Lets the server's memory grow to its normal size before it is measured. */
const warmUp = count(30_000, 5_000)
const connections = 64
const statuses = [200, 204, 304, 400, 404, 405, 408, 414, 431]

t.test(`${total} malformed requests`, async t => {
  // With the default heap size, Node collects garbage too rarely for a comparison.
  const server = await startServer(t, { NODE_OPTIONS: image.nodeOptions })
  const tally = new Map<string, number>()
  const add = (what: string, number = 1): void => { tally.set(what, (tally.get(what) ?? 0) + number) }
  t.comment(`SEED=${seed}`)

  async function run (from: number, to: number): Promise<void> {
    const cases = generate(from, to)
    const faults: string[] = []
    async function work (): Promise<void> {
      for (let next = cases.next(); next.done !== true && faults.length < 5; next = cases.next()) {
        const [id, one] = next.value
        const received = await send(server.port, id, one)
        const fault = findFault(id, one, received, add)
        if (fault === undefined) continue
        const [request, response] = [JSON.stringify(one).slice(0, 3_000), JSON.stringify(received).slice(0, 2_000)]
        faults.push(`${fault}: ${request} got ${response}`)
      }
    }
    await Promise.all(Array.from({ length: connections }, work))
    t.strictSame(faults, [])
  }

  await run(0, warmUp)
  const before = await restingMemory(server.pid)
  tally.clear()
  const begin = performance.now()
  await run(warmUp, warmUp + total)
  const seconds = (performance.now() - begin) / 1000
  const after = await restingMemory(server.pid)

  const counts = [...tally].toSorted().map(([what, number]) => `${what}: ${number}`)
  t.comment(`${Math.round(seconds)} s; ${counts.join(', ')}`)
  t.comment(`memory ${before.toFixed(1)} MB after ${warmUp} to warm up, ${after.toFixed(1)} MB after ${total} more`)
  t.ok(after <= 1.1 * before, 'memory grew by 10 % at most')
  t.equal((await request(server.port, serverPath)).body, serverDocument)
  server.kill('SIGTERM')
  t.equal(await server.ended, 0)
  t.equal(server.output.stderr, '')
})

/** The cases with these numbers. Each batch has its own seed, so a number always gives the same case. */
function * generate (from: number, to: number): Generator<[id: number, one: Malformed]> {
  const batch = 1_000
  for (let start = from; start < to; start += batch) {
    const cases = fc.sample(malformed, { seed: seed + start, numRuns: Math.min(batch, to - start) })
    for (const [i, one] of cases.entries()) yield [start + i, one]
  }
}

const name = (id: number): string => String(id).padStart(8, '0')

/** Sends two well-formed requests, the malformed one and another well-formed one; returns everything received. */
async function send (port: number, id: number, { text, cuts }: Malformed): Promise<string> {
  // From several addresses, because the ports of one would run out.
  const socket = connect({ port, host: '127.0.0.1', localAddress: `127.0.0.${2 + id % 8}` })
  socket.on('error', () => {})
  socket.setTimeout(200_000, () => socket.destroy(new Error('not closed')))
  const chunks: Buffer[] = []
  socket.on('data', chunk => chunks.push(chunk))
  const end = closed(socket)
  const bytes = Buffer.from([
    `GET /first-${name(id)} HTTP/1.1\r\nHost: a\r\n\r\n`,
    `GET /second-${name(id)} HTTP/1.1\r\nHost: a\r\n\r\n`,
    text.replaceAll(smuggledPath, `/smuggled-${name(id)}`),
    `GET /after-${name(id)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`
  ].join(''), 'latin1')
  const ends = [...cuts, 1].map(cut => Math.floor(cut * bytes.length)).toSorted((left, right) => left - right)
  for (const [i, cut] of ends.entries()) {
    socket.write(bytes.subarray(ends[i - 1] ?? 0, cut))
    await breathe()
  }
  socket.end()
  await end
  return Buffer.concat(chunks).toString('latin1')
}

/** What is wrong with the responses, if anything. */
function findFault (
  id: number, { kind }: Malformed, received: string, add: (what: string, number?: number) => void
): string | undefined {
  let responses
  try {
    responses = parseResponses(received)
  } catch (error) {
    return String(error)
  }
  add(kind)
  for (const { status } of responses) {
    add(String(status))
    if (!statuses.includes(status)) return `status ${status}`
  }
  const paths = responses.map(({ body }) => /\/(first|second|after|smuggled)-(\d{8})/.exec(body))
  for (const path of paths) if (path !== null && path[2] !== name(id)) return "another connection's response"
  const names = paths.map(path => path?.[1])
  if (responses.length > 0 && names[0] !== 'first') return 'the first response is not to the first request'
  if (responses.length > 1 && names[1] !== 'second') return 'the second response is not to the second request'
  if (names.lastIndexOf('first') > 0 || names.lastIndexOf('second') > 1) return 'a response came twice'
  const after = names.indexOf('after')
  if (after !== -1 && after !== responses.length - 1) return 'something came after the last response'
  const closing = responses.findIndex(({ connection }) => connection === 'close')
  if (closing !== -1 && closing !== responses.length - 1) return 'something came after "Connection: close"'
  if (kind === 'smuggling' && names.includes('smuggled')) return 'the smuggled request got a response'
  if (kind === 'smuggling' && responses.length > 4) return 'more responses than requests'
  if (responses.length < 2) add('closed without a response to the first two')
  if (after !== -1) add('the request after it got a response')
  return undefined
}

/** The memory of an idle process once it no longer changes, in MB. */
async function restingMemory (pid: number): Promise<number> {
  let last = Infinity
  return await eventually(async () => {
    const values = []
    for (let i = 0; i < 20; i++) {
      values.push(residentMemory(pid))
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    const least = Math.min(...values)
    const change = last - least
    last = least
    if (Math.abs(change) > 0.5) throw new Error('still changing')
    return least
  })
}
