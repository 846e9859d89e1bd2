import t from 'tap'
import { blockedPorts } from '../../src/config/blocked-ports.ts'

t.test("Node's fetch blocks each of these ports, as browsers do", async t => {
  for (const port of blockedPorts) {
    const cause = await fetch(`http://127.0.0.1:${port}`).catch((error: unknown) => Object(error).cause)
    t.equal(cause?.message, 'bad port', String(port))
  }
})
