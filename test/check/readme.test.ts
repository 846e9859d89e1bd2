import { readFileSync } from 'node:fs'
import t from 'tap'
import type { Test } from 'tap'
import { renderText } from '../../src/check/report/text.ts'
import { wellKnown, withoutCors } from '../support/answers.ts'
import { checkWorld } from '../support/check-world.ts'
import { describeHealthyWorld } from '../support/healthy-world.ts'
import type { Changes } from '../support/healthy-world.ts'
import { startWorld } from '../support/world.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const shown = [...readme.matchAll(/^```sh\n[^\n]* check example\.com\n```\n[^`]*```text\n(.*?)```$/gms)].map(([, output = '']) => output)

const documents = {
  server: { 'm.server': 'matrix.example.com:443' },
  client: { 'm.homeserver': { base_url: 'https://matrix.example.com' } }
}

/** What is printed of example.com at 192.0.2.2, delegated to matrix.example.com at 192.0.2.3. */
async function print (t: Test, site: Changes['site'] = {}): Promise<string> {
  const { hosts: { '127.0.0.2:443': apex = 'dropping', '127.0.0.3:443': homeserver = 'dropping' } } = describeHealthyWorld({
    site: {
      'GET /.well-known/matrix/server': wellKnown(documents.server),
      'GET /.well-known/matrix/client': wellKnown(documents.client),
      'GET /.well-known/matrix/policy_server': undefined,
      ...site
    }
  })
  const world = await startWorld(t, {
    records: { 'example.com': { A: ['192.0.2.2'] }, 'matrix.example.com': { A: ['192.0.2.3'] } },
    hosts: { '192.0.2.2:443': apex, '192.0.2.3:443': homeserver }
  })
  return renderText(await checkWorld(world), { colour: false, glyphs: true })
}

function withoutDates (text: string): string {
  return text.replaceAll(/\d+ days left/g, '… days left')
}

t.test('the README shows a healthy and a broken check as they print', async t => {
  const healthy = await print(t)
  const broken = await print(t, {
    'GET /.well-known/matrix/server': wellKnown({ 'm.server': 'matrix.example.com' }),
    'GET /.well-known/matrix/client': wellKnown(documents.client, { headers: withoutCors })
  })
  if (process.env.SHOW !== undefined) t.comment(`${healthy}\n${broken}`)
  t.strictSame(shown.map(withoutDates), [healthy, broken].map(withoutDates))
})
