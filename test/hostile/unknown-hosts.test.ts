import { connect } from 'node:net'
import t from 'tap'
import { portOf } from '../support/cli.ts'
import { readToEnd } from '../support/http.ts'
import { residentMemory, spawnServer } from './server.ts'

const rounds = 50
const perRound = 2_000

t.test('100,000 different unknown hosts take no memory', async t => {
  const cwd = t.testdir({ sites: { 'a.env': 'SERVER_NAME=a.example' } })
  // With a heap that a list of these hosts would exhaust.
  const environment = { SITES_DIR: 'sites', SERVER_NAME: '', M_SERVER: '', M_HOMESERVER_BASE_URL: '' }
  const server = spawnServer(t, { ...environment, NODE_OPTIONS: '--max-old-space-size=40' }, undefined, cwd)
  const port = await portOf(server)
  async function sendRound (round: number): Promise<void> {
    const socket = connect(port, '127.0.0.1')
    const reading = readToEnd(socket)
    for (let i = 0; i < perRound; i++) {
      const last = i === perRound - 1 ? 'Connection: close\r\n' : ''
      const host = `${round}-${i}-${'x'.repeat(1_000)}.example`
      if (!socket.write(`GET /.well-known/matrix/server HTTP/1.1\r\nHost: ${host}\r\n${last}\r\n`)) {
        await new Promise(resolve => socket.once('drain', resolve))
      }
    }
    t.equal((await reading).match(/HTTP\/1\.1 404 /g)?.length, perRound)
  }
  for (let round = 0; round < 5; round++) await sendRound(round)
  const before = residentMemory(server.pid)
  for (let round = 5; round < rounds; round++) await sendRound(round)
  // The hosts alone are 100 MB.
  t.ok(residentMemory(server.pid) - before < 30, `${before} MB before, ${residentMemory(server.pid)} MB after`)
})
