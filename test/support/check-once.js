import { connect } from 'node:net'
import { checkServer } from '../../dist/check/check.js'

// Checks example.com once and prints the IDs of the findings. Every connection goes to one port: node check-once.js DNS
// PORT TIMEOUT
const [dns, port, timeout] = process.argv.slice(2)
const { findings } = await checkServer('example.com', {
  dns,
  timeout: Number(timeout),
  connect: () => connect(Number(port), '127.0.0.1')
})
process.stdout.write(findings.map(({ id }) => id).join('\n'))
