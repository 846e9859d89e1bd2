import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { limits } from '../../src/server/limits.ts'
import { startApp } from '../support/app.ts'
import { readToEnd } from '../support/http.ts'

const health = 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n'

t.test('each limit occurs in a test', async t => {
  const tests = ['.', '../hostile'].flatMap(folder => {
    const directory = fileURLToPath(new URL(folder, import.meta.url))
    const names = readdirSync(directory, { encoding: 'utf8', recursive: true }).filter(name => name.endsWith('.ts'))
    return names.map(name => readFileSync(`${directory}/${name}`, 'utf8'))
  }).join()
  for (const name of Object.keys(limits)) t.match(tests, new RegExp(`limits\\.${name}\\b`), name)
})

t.test('a connection that is idle for longer than keepAliveTimeout is closed', async t => {
  const { app, port } = await startApp(t)
  t.equal(app.server.keepAliveTimeout, limits.keepAliveTimeout)
  app.server.keepAliveTimeout = 50
  const socket = connect(port, '127.0.0.1')
  socket.write(health)
  t.match(await readToEnd(socket), /^HTTP\/1\.1 200 /)
})

t.test('a connection that is silent for longer than connectionTimeout is closed', async t => {
  const { app, port } = await startApp(t)
  t.equal(app.server.timeout, limits.connectionTimeout)
  app.server.timeout = 50
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(health.slice(0, 10))
  t.equal(await readToEnd(socket), '')
})

t.test('the limits are consistent', async t => {
  t.ok(limits.connectionsCheckingInterval < limits.headersTimeout)
  t.ok(limits.headersTimeout < limits.requestTimeout)
  t.ok(limits.requestTimeout < limits.connectionTimeout, 'the timeouts that send a response come first')
  t.ok(limits.drainTimeout + limits.lingerTimeout < limits.stopTimeout, 'there is time for every step of stopping')
  t.ok(limits.maxTargetLength < limits.maxHeaderSize)
})
