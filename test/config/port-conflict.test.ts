import t from 'tap'
import { loadConfig, loadServerConfig } from '../../src/config/config.ts'
import { findPortConflict } from '../../src/config/port-conflict.ts'
import { faultsOf } from '../support/faults.ts'

const fault = { variable: 'METRICS_PORT', message: 'METRICS_PORT is 8080: the same as PORT; set another METRICS_PORT' }

t.test('the server and its metrics need two ports', async t => {
  const pairs: [host: string, metricsHost: string, conflict: boolean][] = [
    ['::', '127.0.0.1', true],
    ['127.0.0.1', '::', true],
    ['127.0.0.1', '127.0.0.1', true],
    ['0.0.0.0', '127.0.0.1', true],
    ['127.0.0.1', '0.0.0.0', true],
    ['localhost', 'localhost', true],
    ['127.0.0.1', '127.0.0.2', false],
    ['0.0.0.0', '::1', false],
    ['unix:/run/a.sock', '::', false],
    ['::', 'unix:/run/a.sock', false]
  ]
  for (const [HOST, METRICS_HOST, conflict] of pairs) {
    const found = findPortConflict({ HOST, METRICS_HOST, PORT: 8080, METRICS_PORT: 8080 })
    t.strictSame(found, conflict ? [fault] : [], `${HOST} and ${METRICS_HOST}`)
  }
  const hosts = { HOST: '::', METRICS_HOST: '::' }
  t.strictSame(findPortConflict({ ...hosts, PORT: 0, METRICS_PORT: 0 }), [], 'each gets a free port')
  t.strictSame(findPortConflict({ ...hosts, PORT: 8080 }), [], 'without metrics')
})

t.test('one port for both is a fault of the settings', async t => {
  const environment = { SERVER_NAME: 'example.com', METRICS_PORT: '8080' }
  for (const load of [loadConfig, loadServerConfig]) t.strictSame(faultsOf(environment, load), [fault.message])
  t.strictSame(faultsOf({ SITES_DIR: 'sites', METRICS_PORT: '8080' }, loadServerConfig), [fault.message])
  const [wrong, ...more] = faultsOf({ ...environment, PORT: '80a' })
  t.match(wrong, /^PORT is "80a": /)
  t.strictSame(more, [], 'a port that is wrong is not compared')
})
