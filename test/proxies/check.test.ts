import t from 'tap'
import { checkServer } from '../../src/check/check.ts'
import { loadConfig } from '../../src/config/config.ts'
import { buildHomeserver } from '../support/homeserver.ts'
import { site } from './backends.ts'
import { proxies } from './proxies.ts'
import { startSetting } from './setting.ts'

t.jobs = proxies.length

for (const proxy of proxies) {
  t.test(`${proxy.name}: the check of a sidecar behind it is green`, { buffered: true }, async t => {
    const { ports, ca } = await startSetting(t, proxy, buildHomeserver({ serverName: 'example.com' }))
    const at = (host: string): { host: string, port: number, address: string, toPort: number } => ({ host, port: 443, address: '127.0.0.1', toPort: ports.https })
    const report = await checkServer('example.com', {
      intent: loadConfig(site).site,
      resolve: [at('example.com'), at('matrix.example.com')],
      ca: [ca]
    })
    // The sidecar says the same of this key when it starts.
    t.match(report.findings, [{ id: 'document.key-style', severity: 'notice' }])
    t.equal(report.findings.length, 1)
    t.match(report.verdict, { federation: 'works', clients: 'works' })
    t.match(report.federation, { endpoint: { step: '3.2', hostHeader: 'matrix.example.com:443' }, addresses: [{ software: 'Test 1.2.3' }] })
  })
}
