import { once } from 'node:events'
import { createServer } from 'node:net'

const portsPerJob = 2_000
/** Test files that run at the same time have other ports: a port is free until it is used, some time after the look. */
const firstPort = 10_240 + portsPerJob * (Number(process.env.TAP_JOB_ID ?? 0) % 11)
/** Not the first, as another run of the tests might be at work. */
let found = Math.floor(Math.random() * portsPerJob)

/**
 * A port below those that Linux uses for outgoing connections, which could take a server's while it is down. Each call
 * finds another, for the same reason: tests that run at the same time in one file use theirs later, too.
 */
export async function findFreePort (): Promise<number> {
  for (;;) {
    found = (found + 1) % portsPerJob
    const port = firstPort + found
    if (await isFree(port)) return port
  }
}

/** Three that differ. */
export async function findFreePorts (): Promise<[number, number, number]> {
  return [await findFreePort(), await findFreePort(), await findFreePort()]
}

async function isFree (port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
    server.close()
    await once(server, 'close')
    return true
  } catch {
    return false
  }
}
