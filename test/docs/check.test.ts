import { readFileSync } from 'node:fs'
import t from 'tap'
import type { Test } from 'tap'
import { renderMarkdown } from '../../src/check/report/markdown.ts'
import { renderNagios } from '../../src/check/report/nagios.ts'
import { redactReport } from '../../src/check/report/redact.ts'
import type { Report } from '../../src/check/report/report.ts'
import { renderText } from '../../src/check/report/text.ts'
import { wellKnown, withoutCors } from '../support/responses.ts'
import { optionsFor } from '../support/check-cli.ts'
import { checkWorld } from '../support/check-world.ts'
import { cli, startProcess } from '../support/cli.ts'
import { describeHealthyWorld } from '../support/healthy-world.ts'
import type { Changes } from '../support/healthy-world.ts'
import { commandsFor, compareOutput } from '../support/pages.ts'
import { startWorld } from '../support/world.ts'
import type { World } from '../support/world.ts'

const documents = {
  server: { 'm.server': 'matrix.example.com:443' },
  client: { 'm.homeserver': { base_url: 'https://matrix.example.com' } }
}

const healthy: Changes['site'] = {
  'GET /.well-known/matrix/server': wellKnown(documents.server),
  'GET /.well-known/matrix/client': wellKnown(documents.client),
  'GET /.well-known/matrix/policy_server': undefined
}

/** `m.server` has no port, and a proxy removes the CORS headers. */
const broken: Changes['site'] = {
  ...healthy,
  'GET /.well-known/matrix/server': wellKnown({ 'm.server': 'matrix.example.com' }),
  'GET /.well-known/matrix/client': wellKnown(documents.client, { headers: withoutCors })
}

const settings = 'SERVER_NAME=example.com M_SERVER=matrix.example.com:443 ' +
  'M_HOMESERVER_BASE_URL=https://matrix.example.com'

/** What each command on the pages finds. The settings configure no `/support`, which the site serves. */
const runs = [
  { page: 'README.md', text: 'npx matrix-well-known check example.com', site: healthy, status: 0 },
  { page: 'docs/check.md', text: 'npx matrix-well-known check example.com', site: broken, status: 1 },
  {
    page: 'docs/check.md',
    text: `${settings} npx matrix-well-known check`,
    site: { ...healthy, 'GET /.well-known/matrix/support': undefined },
    status: 0
  },
  { page: 'docs/check.md', text: 'npx matrix-well-known check example.com example.org', site: healthy, status: 1 },
  {
    page: 'docs/check.md',
    text: 'npx matrix-well-known check example.com --only documents --resolve example.com:443:127.0.0.1',
    site: healthy,
    status: 0
  },
  {
    page: 'docs/check.md',
    text: 'npx matrix-well-known check example.com --resolve example.com:443:192.0.2.2',
    site: healthy,
    status: 0
  },
  {
    page: 'docs/check.md',
    text: 'npx matrix-well-known check example.com --format html > report.html',
    site: broken,
    status: 1
  },
  {
    page: 'docs/check.md',
    text: 'npx matrix-well-known check example.com --format markdown --redact',
    site: broken,
    status: 1,
    print: (report: Report) => renderMarkdown({ ...redactReport(report), checkedAt: '2026-11-26T12:00:00Z' }, '0.2.0')
  },
  { page: 'docs/check.md', text: 'npx matrix-well-known check example.com --json', site: healthy, status: 0 },
  {
    page: 'docs/check.md',
    text: 'npx matrix-well-known check example.com --format nagios --timeout 5',
    site: healthy,
    status: 0,
    print: (report: Report) => renderNagios({ ...report, milliseconds: 314 }, false)
  },
  { page: 'docs/which-way.md', text: 'npx matrix-well-known check example.com', site: healthy, status: 0 }
]

function printText (report: Report): string {
  return renderText(report, { colour: false, glyphs: true })
}

t.test('every check command on the pages is run here', async t => {
  const name = ({ page, text }: { page: string, text: string }): string => `${page}: ${text}`
  t.strictSame(commandsFor('check').map(name), runs.map(name))
})

for (const [index, command] of commandsFor('check').entries()) {
  const { site, status, print = printText } = runs[index] ?? { site: healthy, status: 0 }
  t.test(`${command.page}: ${command.text}`, async t => {
    const world = await startExample(t, site)
    if (command.output !== undefined) {
      const report = print(await checkWorld(world))
        .replaceAll(/\d+ days\b/g, '59 days').replace(/(?<=expiry_days=)\d+/, '59').replaceAll('193.0.2.', '192.0.2.')
      compareOutput(t, command, report)
    }
    // Options that replace DNS and the certificate authorities.
    const places = { 'example.com:443': '193.0.2.2:443', 'matrix.example.com:443': '193.0.2.3:443' }
    const options = await optionsFor(world, places)
    const apex = options.find(option => option.startsWith('--resolve=example.com:443:')) ?? ''
    const text = command.text
      .replace('npx matrix-well-known', `'${process.execPath}' '${cli}'`)
      .replace(/--resolve example\.com:443:\S+/, apex)
    const words = text.includes(apex) ? options.filter(option => option !== apex) : options
    const running = startProcess(t, 'bash', ['-c', `${text} ${words.join(' ')}`], {}, t.testdir())
    t.equal(await running.ended, status, running.output.stdout + running.output.stderr)
  })
}

/**
 * example.com at 193.0.2.2, delegated to matrix.example.com at 193.0.2.3. The pages show addresses of 192.0.2.0/24
 * instead, which are for documentation; servers refuse to connect to those.
 */
async function startExample (t: Test, site: Changes['site'] = {}): Promise<World> {
  const { hosts } = describeHealthyWorld({ site })
  const { '45.0.0.2:443': apex = 'dropping', '45.0.0.3:443': homeserver = 'dropping' } = hosts
  return await startWorld(t, {
    records: { 'example.com': { A: ['193.0.2.2'] }, 'matrix.example.com': { A: ['193.0.2.3'] } },
    hosts: { '193.0.2.2:443': apex, '193.0.2.3:443': homeserver }
  })
}

t.test('the options in docs/check.md are those of the command', async t => {
  const page = readFileSync(new URL('../../docs/check.md', import.meta.url), 'utf8')
  const running = startProcess(t, process.execPath, [cli, 'check', '--help'], {}, t.testdir())
  await running.ended
  const names = (text: string): string[] => [...new Set(text.match(/(?<![\w-])--?[a-z46][a-z-]*/g))].toSorted()
  const table = [...page.matchAll(/^\| (`-.*?) \|/gm)].map(([, options = '']) => options).join('\n')
  const help = running.output.stdout.split('\n').map(line => /^ +(-.*?)(?: {2}|$)/.exec(line)?.[1] ?? '').join('\n')
  t.strictSame(names(table), names(help).filter(name => name !== '-h' && name !== '--help'))
})
