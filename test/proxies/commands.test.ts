import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { commandsFor } from '../support/pages.ts'
import { documents } from './backends.ts'
import { nginx } from './proxies.ts'
import { startSetup } from './setup.ts'

const wellKnown = 'https://example.com/.well-known/matrix'

/** What docs/proxies.md says about the response to each of its commands. */
const responses = [
  { command: `curl -i ${wellKnown}/server`, status: 200, body: documents.server },
  { command: `curl -i ${wellKnown}/client`, status: 200, body: documents.client },
  { command: `curl -i ${wellKnown}/nothing`, status: 404, body: ' /.well-known/matrix/nothing' },
  { command: `curl -i -X OPTIONS ${wellKnown}/client`, status: 204, body: '' }
]

t.test('the commands in docs/proxies.md respond as the page says, behind nginx', async t => {
  t.strictSame(commandsFor('proxies').map(({ text }) => text), responses.map(({ command }) => command))
  const { ports, directory } = await startSetup(t, nginx)
  const connect = `--connect-to example.com:443:127.0.0.1:${ports.https}`
  const options = `--silent --http1.1 --cacert ${join(directory, 'ca.pem')} ${connect}`
  for (const { command, status, body } of responses) {
    const { stdout } = await promisify(execFile)('bash', ['-c', command.replace('curl ', `curl ${options} `)])
    const [head = '', content = ''] = stdout.split('\r\n\r\n')
    t.match(head, new RegExp(`^HTTP/1\\.1 ${status} `), command)
    t.ok(content.includes(body), command)
    const cors = head.toLowerCase().match(/^access-control-allow-origin: .*$/gm)
    t.strictSame(cors, ['access-control-allow-origin: *'], command)
    t.notMatch(head, /^location:/im, command)
    if (status !== 204) t.match(head, /^content-type: application\/json/im, command)
  }
})
