import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { portOf, startCli } from '../support/cli.ts'
import { listenWith } from '../support/stranger.ts'

const base = { SERVER_NAME: 'example.com', HOST: '127.0.0.1', PORT: '0' }

t.test('healthcheck requests /health from the server with the same settings', async t => {
  const server = startCli(t, [], base)
  const port = await portOf(server)
  const healthy = startCli(t, ['healthcheck'], { HOST: '::', PORT: String(port) })
  t.equal(await healthy.ended, 0)
  t.strictSame(healthy.output, { stdout: '', stderr: '' })

  const socket = join(mkdtempSync(join(tmpdir(), 'mwk-')), 'w.sock')
  const unix = startCli(t, [], { ...base, HOST: `unix:${socket}` })
  await unix.lineWith('serving')
  t.equal(await startCli(t, ['healthcheck'], { HOST: `unix:${socket}` }).ended, 0)

  server.kill('SIGTERM')
  await server.ended
  const hanging = await listenWith(t, () => {})
  const failing = await listenWith(t, (_request, response) => { response.writeHead(503).end() })
  const absent = 'not healthy: no server listens there'
  const fix = 'start it with the same HOST and PORT'
  const closing = await listenWith(t, request => { request.destroy() })
  const cases: [environment: Record<string, string>, line: string][] = [
    [{ HOST: '127.0.0.1', PORT: String(port) }, `${absent} (connect ECONNREFUSED 127.0.0.1:${port}); ${fix}\n`],
    [{ HOST: 'unix:/nowhere/w.sock' }, `${absent} (connect ENOENT /nowhere/w.sock); ${fix}\n`],
    [{ HOST: 'localhost', PORT: String(port) }, 'not healthy: '],
    [{ PORT: '0' }, 'not healthy: PORT is 0, any free port; set the one that the server listens on\n'],
    [{ HOST: 'unix:' }, 'not healthy: HOST is "unix:": not a path of 1 to 107 bytes; use one such as unix:/run/'],
    [{ PORT: 'x' }, 'not healthy: PORT is "x": not a whole number; use one such as 8080\n'],
    [{ PORT: String(hanging) }, 'not healthy: no response within 2000 ms\n'],
    [{ PORT: String(closing) }, 'not healthy: socket hang up\n'],
    [{ PORT: String(failing) }, 'not healthy: status 503\n']
  ]
  for (const [environment, line] of cases) {
    const cli = startCli(t, ['healthcheck'], environment)
    t.equal(await cli.ended, 1, line)
    t.ok(cli.output.stderr.startsWith(line), cli.output.stderr)
  }
})
