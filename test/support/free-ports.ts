import { once } from 'node:events'
import { createServer } from 'node:net'

const portsPerJob = 2_000
/** Test files that run at the same time have other ports: a port is free until it is used, some time after the look. */
const firstPort = 10_240 + portsPerJob * (Number(process.env.TAP_JOB_ID ?? 0) % 11)

/** A port below those that Linux uses for outgoing connections, which could take a server's while it is down. */
export async function findFreePort (): Promise<number> {
  for (;;) {
    const port = firstPort + Math.floor(Math.random() * portsPerJob)
    if (await isFree(port)) return port
  }
}

/** Three that differ. */
export async function findFreePorts (): Promise<[number, number, number]> {
  const [first, second, third] = [await findFreePort(), await findFreePort(), await findFreePort()]
  return new Set([first, second, third]).size === 3 ? [first, second, third] : await findFreePorts()
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
