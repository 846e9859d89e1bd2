import t from 'tap'
import type { Test } from 'tap'
import { redirectOf, testHomeserver, testResponses, testSite, wellKnown } from './behaviour.ts'
import type { Protocol } from './client.ts'
import { challengePath, proxies } from './proxies.ts'
import type { Proxy } from './proxies.ts'
import { startSetup } from './setup.ts'
import type { Setup } from './setup.ts'

const protocols: readonly Protocol[] = ['https', 'h2']

t.jobs = proxies.length

for (const proxy of proxies) {
  t.test(proxy.name, { buffered: true }, async t => {
    const setup = await startSetup(t, proxy)
    for (const protocol of protocols) {
      await t.test(`passes on responses of the sidecar, over ${protocol}`, t => testResponses(t, setup, protocol))
      await t.test(`serves the site elsewhere, over ${protocol}`, t => testSite(t, setup, protocol))
      await t.test(`passes on requests to the homeserver, over ${protocol}`, t => testHomeserver(t, setup, protocol))
    }
    await t.test('redirects http to https, except for ACME', t => testPlainHttp(t, setup, proxy))
    await t.test('fails no request while the sidecars are restarted in turn', t => testRestarts(t, setup))
  })
}

async function testPlainHttp (t: Test, setup: Setup, proxy: Proxy): Promise<void> {
  const plain = setup.open(t, 'http', 'example.com', 'http')
  for (const path of ['/', '/a%20b?c=d%26', `${wellKnown}/client`]) {
    t.equal(redirectOf(await plain.send({ method: 'GET', path })), `https://example.com${path}`)
  }
  // An ACME server follows redirects (RFC 8555 §8.3 leaves that to HTTP; Let's Encrypt does).
  let response = await plain.send({ method: 'GET', path: challengePath })
  t.equal(redirectOf(response), proxy.challenge.redirected ? `https://example.com${challengePath}` : undefined)
  if (proxy.challenge.redirected) {
    response = await setup.open(t, 'https', 'example.com', 'https').send({ method: 'GET', path: challengePath })
  }
  t.equal(response.status, proxy.challenge.body === undefined ? 404 : 200)
  if (proxy.challenge.body !== undefined) t.equal(response.body, proxy.challenge.body)
}

async function testRestarts (t: Test, setup: Setup): Promise<void> {
  const failures: string[] = []
  let responses = 0
  let notify = (): void => {}
  const over = new AbortController()
  const traffic = [...protocols, ...protocols].map(async protocol => {
    const client = setup.open(t, protocol, 'example.com', 'https')
    for (let i = 0; !over.signal.aborted; i++) {
      const method = i % 3 === 0 ? 'OPTIONS' : i % 3 === 1 ? 'HEAD' : 'GET'
      try {
        const { status } = await client.send({ method, path: `${wellKnown}/server` })
        if (status >= 300) failures.push(`${method} over ${protocol}: ${status}`)
      } catch (error) {
        failures.push(`${method} over ${protocol}: ${String(error)}`)
      }
      responses++
      notify()
    }
  })
  async function sendMore (): Promise<void> {
    const enough = responses + 50
    await new Promise<void>(resolve => { notify = () => { if (responses >= enough) resolve() } })
  }
  for (let round = 0; round < 3; round++) {
    for (const index of [0, 1] as const) {
      await sendMore()
      t.equal(await setup.restartSidecar(index, sendMore), 0)
    }
  }
  over.abort()
  await Promise.all(traffic)
  t.strictSame(failures, [], `of ${responses}`)
}
