import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import t from 'tap'
import { docker, evaluate, startContainer, waitForLine } from '../support/container.ts'

const count = 10_000

async function fetchServer (url: string, host: string): Promise<unknown> {
  const sent = request(`${url}/.well-known/matrix/server`, { headers: { host } })
  return await new Promise((resolve, reject) => {
    sent.on('response', response => json(response).then(resolve, reject)).on('error', reject).end()
  })
}

t.test('10,000 sites run and are reloaded in a container with the settings of docs/many-sites.md', async t => {
  const page = await readFile(new URL('../../docs/many-sites.md', import.meta.url), 'utf8')
  const [, options = ''] = /^ +NODE_OPTIONS: (.+)$/m.exec(page) ?? []
  const [, memory = ''] = /^ +mem_limit: (.+)$/m.exec(page) ?? []
  const folder = await mkdtemp(join(tmpdir(), 'sites-'))
  t.teardown(async () => await rm(folder, { recursive: true }))
  // The user of the container reads it.
  await chmod(folder, 0o755)
  const write = async (i: number, delegated: string): Promise<void> =>
    await writeFile(join(folder, `${i}.env`), `SERVER_NAME=${i}.example\nM_SERVER=${delegated}\n`)
  for (let i = 0; i < count; i++) await write(i, `matrix.example.com:${i + 1}`)
  const settings = { SITES_DIR: '/sites', SITES_RELOAD_SECONDS: '0', NODE_OPTIONS: options }
  const limits = [`--memory=${memory}`, `--memory-swap=${memory}`, `--volume=${folder}:/sites:ro`]
  const { id, url } = await startContainer(t, settings, limits)
  for (let i = 0; i < count; i += 97) {
    t.strictSame(await fetchServer(url, `${i}.example`), { 'm.server': `matrix.example.com:${i + 1}` })
  }
  for (let i = 0; i < count; i++) await write(i, 'matrix.example.org:443')
  await docker('kill', '--signal=HUP', id)
  await waitForLine(t, ['logs', '--follow', id], /"msg":"reloaded 10,000 sites in .* 10,000 changed,/)
  t.strictSame(await fetchServer(url, '9999.example'), { 'm.server': 'matrix.example.org:443' })
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(await evaluate(id, 'fs.readFileSync("/proc/1/status", "utf8")'))
  t.ok(Number(peak?.[1]) < 200_000, `${peak?.[1]} KB at its peak`)
})
