import t from 'tap'
import { testHomeserver, testResponses, testSite } from './behaviour.ts'
import type { Variant } from './behaviour.ts'
import { describeNginxProxyManager, locationStyles } from './nginx-proxy-manager.ts'
import { startSetup } from './setup.ts'
import { swag } from './swag.ts'

// test/container runs these examples in containers. This is the nginx that they configure, with more requests.

const managers = locationStyles.map(describeNginxProxyManager)

t.jobs = 2

for (const proxy of [...managers, swag]) {
  t.test(proxy.name, { buffered: true }, async t => {
    const setup = await startSetup(t, proxy)
    const variant: Variant = { www: false, federation: false, addsForwardedFor: proxy === swag }
    for (const protocol of ['https', 'h2'] as const) {
      await t.test(`passes on responses, over ${protocol}`, t => testResponses(t, setup, protocol, variant))
      await t.test(`reaches the homeserver, over ${protocol}`, t => testHomeserver(t, setup, protocol, variant))
      await t.test(`serves the site elsewhere, over ${protocol}`, t => testSite(t, setup, protocol, variant))
    }
  })
}
