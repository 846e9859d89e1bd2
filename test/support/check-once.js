import { connect } from 'node:net'
import { checkServer } from '../../dist/check/check.js'

/** A program that checks example.com once, at a DNS server and at a port that stands for all others, and prints what was found. */
const [dns, port, timeout] = process.argv.slice(2)
const { findings } = await checkServer('example.com', { dns, timeout: Number(timeout), connect: () => connect(Number(port), '127.0.0.1') })
process.stdout.write(findings.map(({ id }) => id).join('\n'))
