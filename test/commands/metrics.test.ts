import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import t from 'tap'
import { portOf, startCli } from '../support/cli.ts'
import { listen } from '../support/listen.ts'

const environment = { SERVER_NAME: 'example.com', HOST: '127.0.0.1', PORT: '0', METRICS_PORT: '0' }

/** The samples at the address that the log names. */
async function scrape (line: string): Promise<string> {
  const { msg } = JSON.parse(line) as { msg: string }
  const response = await fetch(msg.replace('metrics at ', ''))
  return await response.text()
}

t.test('with METRICS_PORT, what is served is counted on a port of its own', async t => {
  const cli = startCli(t, [], environment)
  const port = await portOf(cli)
  const line = await cli.lineWith('metrics at')
  for (const name of ['server', 'server', 'client']) await fetch(`http://127.0.0.1:${port}/.well-known/matrix/${name}`)
  const metrics = await scrape(line)
  t.match(metrics, '\nmatrix_well_known_requests_total{document="server",status="200"} 2\n')
  t.match(metrics, '\nmatrix_well_known_requests_total{document="client",status="404"} 1\n')
  t.match(metrics, /\nmatrix_well_known_connections [1-3]\n/)
  t.match(metrics, '\nmatrix_well_known_sites 1\n')
  t.match(metrics, '\nmatrix_well_known_config_last_reload_successful 1\n')
  t.match(metrics, /\nmatrix_well_known_build_info\{version="\d+\.\d+\.\d+",node_version="[\d.]+"\} 1\n/)
  t.equal((await fetch(`http://127.0.0.1:${port}/metrics`)).status, 404)
  cli.kill('SIGTERM')
  t.equal(await cli.ended, 0)
})

t.test('a reload with a faulty file shows in the metrics', async t => {
  const cwd = t.testdir({ sites: { 'a.env': 'SERVER_NAME=a.example' } })
  const cli = startCli(t, [], { ...environment, SITES_DIR: 'sites', SITES_RELOAD_SECONDS: '0' }, { cwd })
  const line = await cli.lineWith('metrics at')
  await portOf(cli)
  const before = await scrape(line)
  t.match(before, '\nmatrix_well_known_sites 2\n')
  t.match(before, '\nmatrix_well_known_faulty_sites 0\n')
  writeFileSync(`${cwd}/sites/b.env`, 'SERVER_NAME=/')
  cli.kill('SIGHUP')
  await cli.lineWith('1 faulty')
  const metrics = await scrape(line)
  t.match(metrics, '\nmatrix_well_known_faulty_sites 1\n')
  t.match(metrics, '\nmatrix_well_known_config_last_reload_successful 0\n')
  t.match(metrics, /\nmatrix_well_known_config_last_reload_success_timestamp_seconds \d{10}/)
  cli.kill('SIGTERM')
  t.equal(await cli.ended, 0)
})

t.test('a port for metrics that is in use stops the start, and the setting is named', async t => {
  const other = createServer()
  const { port } = await listen(t, other, '127.0.0.1')
  const cli = startCli(t, [], { ...environment, METRICS_PORT: String(port) })
  t.equal(await cli.ended, 1)
  const fix = 'the address is already in use; stop the other program, or set another METRICS_PORT'
  t.match(cli.output.stdout, `METRICS_PORT is ${port}: ${fix}`)
})
