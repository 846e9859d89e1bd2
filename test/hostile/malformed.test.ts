import { connect } from 'node:net'
import { setImmediate as breathe } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import { request } from '../support/http.ts'
import { malformed, smuggledPath } from './requests.ts'
import type { Malformed } from './requests.ts'
import { parseResponses } from './responses.ts'
import { closed, eventually, image, residentMemory, serverDocument, serverPath, startServer } from './server.ts'
import { count, seed } from './size.ts'

const total = count(100_000, 5_000)
/** Makes the server as large as it gets, before it is measured. */
const warmUp = count(30_000, 5_000)
const connections = 64
const statuses = [200, 204, 304, 400, 404, 405, 408, 414, 431]

t.test(`${total} requests that nobody should send`, async t => {
  // With all the memory of a machine to take, node collects its garbage when it likes.
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
        const answer = await send(server.port, id, one)
        const fault = judge(id, one, answer, add)
        if (fault !== undefined) faults.push(`${fault}: ${JSON.stringify(one).slice(0, 3_000)} was answered by ${JSON.stringify(answer).slice(0, 2_000)}`)
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

  t.comment(`${Math.round(seconds)} s; ${[...tally].toSorted().map(([what, number]) => `${what}: ${number}`).join(', ')}`)
  t.comment(`memory ${before.toFixed(1)} MB after ${warmUp} to warm up, ${after.toFixed(1)} MB after ${total} more`)
  t.ok(after <= 1.1 * before, 'memory is within 10 % of where it was')
  t.equal((await request(server.port, serverPath)).body, serverDocument)
  server.kill('SIGTERM')
  t.equal(await server.ended, 0)
  t.equal(server.output.stderr, '')
})

/** The cases of these numbers; each batch has a seed of its own, so that a number is a case. */
function * generate (from: number, to: number): Generator<[id: number, one: Malformed]> {
  const batch = 1_000
  for (let start = from; start < to; start += batch) {
    const cases = fc.sample(malformed, { seed: seed + start, numRuns: Math.min(batch, to - start) })
    for (const [i, one] of cases.entries()) yield [start + i, one]
  }
}

const name = (id: number): string => String(id).padStart(8, '0')

/** Sends two requests that are well formed, the one in question, and another that is, and returns what comes back. */
async function send (port: number, id: number, { text, cuts }: Malformed): Promise<string> {
  // From several addresses, since each has only so many ports.
  const socket = connect({ port, host: '127.0.0.1', localAddress: `127.0.0.${2 + id % 8}` })
  socket.on('error', () => {})
  socket.setTimeout(20_000, () => socket.destroy(new Error('not closed')))
  const chunks: Buffer[] = []
  socket.on('data', chunk => chunks.push(chunk))
  const end = closed(socket)
  const bytes = Buffer.from([
    `GET /first-${name(id)} HTTP/1.1\r\nHost: a\r\n\r\n`,
    `GET /second-${name(id)} HTTP/1.1\r\nHost: a\r\n\r\n`,
    text.replaceAll(smuggledPath, `/smuggled-${name(id)}`),
    `GET /after-${name(id)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`
  ].join(''), 'latin1')
  const ends = [...cuts.map(cut => Math.floor(cut * bytes.length)), bytes.length].toSorted((left, right) => left - right)
  for (const [i, cut] of ends.entries()) {
    socket.write(bytes.subarray(ends[i - 1] ?? 0, cut))
    await breathe()
  }
  socket.end()
  await end
  return Buffer.concat(chunks).toString('latin1')
}

/** What is wrong with an answer, if anything. */
function judge (id: number, { kind }: Malformed, answer: string, add: (what: string, number?: number) => void): string | undefined {
  let responses
  try {
    responses = parseResponses(answer)
  } catch (error) {
    return String(error)
  }
  add(kind)
  for (const { status } of responses) {
    add(String(status))
    if (!statuses.includes(status)) return `status ${status}`
  }
  const paths = responses.map(({ body }) => /\/(first|second|after|smuggled)-(\d{8})/.exec(body))
  for (const path of paths) if (path !== null && path[2] !== name(id)) return "another connection's answer"
  const names = paths.map(path => path?.[1])
  if (responses.length > 0 && names[0] !== 'first') return 'the first answer is not that to the first request'
  if (responses.length > 1 && names[1] !== 'second') return 'the second answer is not that to the second request'
  if (names.lastIndexOf('first') > 0 || names.lastIndexOf('second') > 1) return 'an answer came twice'
  const after = names.indexOf('after')
  if (after !== -1 && after !== responses.length - 1) return 'something came after the last answer'
  if (responses.slice(0, -1).some(({ connection }) => connection === 'close')) return 'something came after an answer that closes the connection'
  if (kind === 'smuggling' && names.includes('smuggled')) return 'the smuggled request was answered'
  if (kind === 'smuggling' && responses.length > 4) return 'more answers than requests'
  if (responses.length < 2) add('closed without an answer to the first two')
  if (after !== -1) add('the request behind it answered')
  return undefined
}

/** The memory of a process that has nothing to do, once it has come to rest, in MB. */
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
    if (Math.abs(change) > 0.5) throw new Error('still moving')
    return least
  }, 30_000)
}
