import t from 'tap'
import { checkServer } from '../../src/check/check.ts'
import type { Override } from '../../src/check/check.ts'
import { loadConfig } from '../../src/config/config.ts'
import { buildHomeserver } from '../support/homeserver.ts'
import { site } from './backends.ts'
import { proxies } from './proxies.ts'
import { startSetup } from './setup.ts'

t.jobs = proxies.length

for (const proxy of proxies) {
  t.test(`${proxy.name}: check finds no problem behind it`, { buffered: true }, async t => {
    const { ports, ca } = await startSetup(t, proxy, buildHomeserver({ serverName: 'example.com' }))
    const at = (host: string): Override => ({ host, port: 443, address: '127.0.0.1', toPort: ports.https })
    const report = await checkServer('example.com', {
      intent: loadConfig(site).site,
      resolve: [at('example.com'), at('matrix.example.com')],
      ca: [ca]
    })
    // The sidecar warns about this key when it starts, too.
    t.match(report.findings, [{ id: 'document.key-style', severity: 'notice' }])
    t.equal(report.findings.length, 1)
    t.match(report.verdict, { federation: 'works', clients: 'works' })
    t.match(report.federation, {
      endpoint: { step: '3.2', hostHeader: 'matrix.example.com:443' },
      addresses: [{ software: 'Test 1.2.3' }]
    })
  })
}
