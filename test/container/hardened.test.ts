import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { docker, evaluate, startContainer, waitForHealth, waitForLine } from '../support/container.ts'

const settings = {
  SERVER_NAME: 'example.com',
  M_SERVER: 'matrix.example.com:443',
  M_HOMESERVER_BASE_URL: 'https://matrix.example.com',
  SUPPORT_PAGE: 'https://example.com/help',
  POLICY_SERVER_ED25519: '6yhHGKhCiXTSEN2ksjV7kX/N6rBQZ3Xb+M7LlC6NS+s'
}

t.test("it runs without privileges and can't write files", async t => {
  const { id } = await startContainer(t, settings)
  const status = new Map((await evaluate(id, 'fs.readFileSync("/proc/1/status", "utf8")')).split('\n').map(line => {
    const [name = '', value = ''] = line.split(':\t')
    return [name, value]
  }))
  t.equal(status.get('Uid'), '65532\t65532\t65532\t65532')
  t.equal(status.get('Gid'), '65532\t65532\t65532\t65532')
  for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) t.match(status.get(set), /^0+$/, set)
  t.equal(status.get('NoNewPrivs'), '1')
  const command = await evaluate(id, 'fs.readFileSync("/proc/1/cmdline", "utf8").split("\\0")[0]')
  t.equal(command, 'node', 'node is the first process')
  for (const directory of ['/', '/app', '/tmp', '/home/nonroot']) {
    const write = `try { fs.writeFileSync("${directory}/x", "") } catch (error) { error.code }`
    t.match(await evaluate(id, write), /EROFS|EACCES/, directory)
  }
})

t.test('it serves the documents of its settings', async t => {
  const { url } = await startContainer(t, settings)
  const expected = {
    server: { 'm.server': 'matrix.example.com:443' },
    client: { 'm.homeserver': { base_url: 'https://matrix.example.com' } },
    support: { support_page: 'https://example.com/help' },
    policy_server: { public_keys: { ed25519: settings.POLICY_SERVER_ED25519 } }
  }
  for (const [name, document] of Object.entries(expected)) {
    const response = await fetch(`${url}/.well-known/matrix/${name}`)
    t.equal(response.status, 200, name)
    t.equal(response.headers.get('access-control-allow-origin'), '*', name)
    t.strictSame(await response.json(), document, name)
  }
  t.equal((await fetch(`${url}/elsewhere`)).status, 404)
})

t.test('it is healthy, and becomes unhealthy when the server hangs', async t => {
  const { id } = await startContainer(t, settings, ['--health-interval=1s', '--health-retries=1'])
  await waitForHealth(t, id, 'healthy')
  t.equal(await docker('inspect', '--format={{.State.Health.Status}}', id), 'healthy')
  await docker('kill', '--signal=STOP', id)
  await waitForHealth(t, id, 'unhealthy')
  t.equal(await docker('inspect', '--format={{.State.Health.Status}}', id), 'unhealthy')
  await docker('kill', '--signal=CONT', id)
})

t.test('when it is stopped, it responds to the request in flight and exits with 0', async t => {
  const { id, url } = await startContainer(t, settings)
  const { hostname, port } = new URL(url)
  const connection = connect({ host: hostname, port: Number(port) })
  t.teardown(() => connection.destroy())
  await once(connection, 'connect')
  connection.write('GET /.well-known/matrix/server HTTP/1.1\r\n')
  // A response on another connection means that the incomplete request has arrived as well.
  await (await fetch(`${url}/health`)).text()

  // Before it stops, because the server doesn't wait long.
  const stopping = waitForLine(t, ['logs', '--follow', id], /"msg":"SIGTERM: stopping"/)
  const stopped = docker('stop', id)
  await stopping
  connection.write('Host: example.com\r\n\r\n')
  t.match(await text(connection), /^HTTP\/1\.1 200 OK\r\n[^]*\{"m\.server":"matrix\.example\.com:443"\}$/)
  await stopped
  t.equal(await docker('inspect', '--format={{.State.ExitCode}}', id), '0', 'it was not killed')
})
