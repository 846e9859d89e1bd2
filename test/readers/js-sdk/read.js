// Reads with matrix-js-sdk: one JSON object a line on standard input, its outcome a line on standard output.
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const [, , modules] = process.argv

// The library logs to the console, which would mix with the outcomes.
for (const method of ['debug', 'error', 'info', 'log', 'trace', 'warn']) console[method] = () => {}
const { AutoDiscovery } = await import(pathToFileURL(join(modules, 'matrix-js-sdk/lib/autodiscovery.js')))

createInterface(process.stdin).on('line', async line => {
  const { id, serverName } = JSON.parse(line)
  const outcome = await AutoDiscovery.findClientConfig(serverName)
    .then(value => ({ value }), error => ({ error: String(error) }))
  process.stdout.write(`${JSON.stringify({ id, ...outcome })}\n`)
})
