import t from 'tap'
import type { Test } from 'tap'
import { attackOnLog, attacks, runAttack } from './attacks.ts'
import type { Attack } from './attacks.ts'
import { residentMemory, serverDocument, serverPath, startSmallServer } from './server.ts'

/** How much memory the process may use at its peak, in MB: the node binary, 40 for the heap, and the rest. */
const maxMemory = 150
/** How much of the heap may be in use after garbage collection, in MB: with all 40, the process would end. */
const maxHeap = 36

t.test('with the small heap of the image, the server keeps serving whatever connections do', async t => {
  for (const attack of attacks) await testAttack(t, attack)
})

t.test('it also does if it logs requests', async t => {
  await testAttack(t, attackOnLog, { LOG_REQUESTS: 'true' })
})

async function testAttack (t: Test, attack: Attack, environment: Record<string, string> = {}): Promise<void> {
  const { name } = attack
  const server = await startSmallServer(t, ['--trace-gc'], environment)
  const { connections, wrong, latency, end } = await runAttack(server.port, attack, serverPath, serverDocument)
  t.strictSame(wrong, [], name)
  const memory = residentMemory(server.pid, 'VmHWM')
  t.ok(memory < maxMemory,
    `each of ${connections} ${name}: ${memory.toFixed(0)} MB; other requests: ${latency.toFixed(0)} ms at most`)
  end()
  server.kill('SIGTERM')
  t.equal(await server.ended, 0, name)
  t.equal(server.output.stderr, '')
  const collections = [...server.output.stdout.matchAll(/ Mark-Compact .*? -> ([\d.]+) /g)]
  const used = Math.max(...collections.map(([, megabytes]) => Number(megabytes)))
  t.ok(used < maxHeap, `${name}: ${used} MB of the heap`)
  const warned = server.output.stdout.includes('"msg":"more than ')
  t.equal(warned, attack.connections > 1_000,
    'it logs a warning if there are more connections than its heap has room for')
}
