// Not in TypeScript: Node's loader of types would count in the memory that this measures.
// Checks names in the network of internet.ts, as the command does with a list, and prints how long that took:
// node check-names.js '{"module":"…","names":["…"],"jobs":16,"dns":"…","ca":"…","port":…,"roundTrip":…}'
import { EventEmitter } from 'node:events'
import { Socket } from 'node:net'
import { Writable } from 'node:stream'

const { module, names, jobs, dns, ca, port, roundTrip } = JSON.parse(process.argv[2])
const { checkList } = await import(module)
let output = ''
const sink = new Writable({
  write (chunk, _encoding, done) {
    output = `${output}${chunk}`.slice(-2_000)
    done()
  }
})

/** The TCP handshake takes one round trip. */
function connect (address) {
  const socket = new Socket()
  setTimeout(() => socket.connect(port, address.replace(/^45/, '127')), roundTrip)
  return socket
}

const started = performance.now()
const status = await checkList(
  names.map(serverName => ({ serverName })),
  {
    options: { dns, ca: [ca], connect },
    jobs,
    format: 'text',
    text: { colour: false, hyperlinks: false, glyphs: false, columns: undefined, rows: undefined, verbose: false },
    redact: false,
    strict: false,
    verbose: false
  },
  {
    environment: {},
    nodeOptions: process.env.NODE_OPTIONS.split(' '),
    stdout: sink,
    stderr: sink,
    signals: new EventEmitter()
  }
)
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
const result = {
  status,
  output,
  seconds: (performance.now() - started) / 1000,
  cpu: (userCPUTime + systemCPUTime) / 1e6,
  memory: maxRSS * 1024 / 1e6
}
console.log(JSON.stringify(result))
process.exit()
