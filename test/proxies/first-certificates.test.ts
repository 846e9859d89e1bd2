import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'
import { startSite } from './backends.ts'
import { openClient } from './client.ts'
import { requireCommand, startProgram } from './program.ts'
import { apache, challengePath, haproxy, nginx } from './proxies.ts'
import type { Place, Proxy } from './proxies.ts'
import { findPorts } from './setup.ts'

/** What remains of each file of an example if only the part for plain HTTP is saved. */
type Reduction = Readonly<Record<string, (content: string) => string>>

const nothing = (): string => ''

/** Up to the second line that starts with this. */
const untilSecond = (start: string) => (content: string): string =>
  content.slice(0, content.indexOf(`\n${start}`, content.indexOf(`\n${start}`) + 1))

const section = (content: string, name: string): string =>
  new RegExp(`^${name}\\n(?:[ \\t].*\\n|\\n)+`, 'm').exec(content)?.[0] ?? ''

const reductions: ReadonlyArray<readonly [Proxy, Reduction]> = [
  [nginx, { 'nginx-example.com.conf': untilSecond('server {'), 'nginx-matrix.example.com.conf': nothing }],
  [apache, { 'apache-example.com.conf': untilSecond('<VirtualHost '), 'apache-matrix.example.com.conf': nothing }],
  [haproxy, { 'haproxy-haproxy.cfg': text => section(text, 'frontend http') + section(text, 'backend certbot') }]
]

for (const [proxy, reduction] of reductions) {
  t.test(`${proxy.name} starts without certificates if only that part is saved, and gets the first ones`, async t => {
    requireCommand(proxy.command, proxy.debianPackage)
    const directory = mkdtempSync(join(tmpdir(), 'matrix-well-known-'))
    t.teardown(() => rmSync(directory, { recursive: true }))
    chmodSync(directory, 0o755)
    const challenge = join(directory, 'webroot', challengePath)
    mkdirSync(dirname(challenge), { recursive: true })
    writeFileSync(challenge, 'token of the webroot')
    const place: Place = { directory, ports: await findPorts() }
    t.teardown(await startSite('certbot', place.ports.certbot))
    const { command, ready } = proxy
    const start = { command, ready, directory, args: proxy.configure(place) }
    await t.rejects(startProgram(start), /exited with [1-9]/, 'as the example says')
    for (const [file, reduce] of Object.entries(reduction)) {
      const path = join(directory, file)
      writeFileSync(path, reduce(readFileSync(path, 'utf8')))
    }
    const program = await startProgram(start)
    t.teardown(async () => { await program.stop() })
    for (const name of ['example.com', 'www.example.com', 'matrix.example.com']) {
      const client = openClient('http', { name, port: place.ports.http, ca: '' })
      const { status, body } = await client.send({ method: 'GET', path: challengePath })
      client.close()
      t.strictSame({ status, body }, { status: 200, body: proxy.challenge.body }, name)
    }
  })
}

t.test("certbot's hook in the example for HAProxy writes both parts of a certificate into one file", async t => {
  const directory = t.testdir({ live: { 'example.com': { 'fullchain.pem': 'chain\n', 'privkey.pem': 'key\n' } } })
  const example = readFileSync(new URL('../../examples/haproxy/haproxy.cfg', import.meta.url), 'utf8')
  const [, hook = ''] = /--deploy-hook \\\n *# +'(.*)'$/m.exec(example) ?? []
  const words = hook.replace('/etc/haproxy/certs', directory).replace('systemctl reload haproxy', 'true')
  const env = { ...process.env, RENEWED_LINEAGE: join(directory, 'live', 'example.com') }
  execFileSync('sh', ['-c', words], { env })
  t.equal(readFileSync(join(directory, 'example.com.pem'), 'utf8'), 'chain\nkey\n')
})
