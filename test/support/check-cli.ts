import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import type { World } from './world.ts'

/** The options with which the command finds the hosts of a world, such as `example.com:443` at `45.0.0.2:443`. */
export async function optionsFor (world: World, places: Readonly<Record<string, string>>): Promise<string[]> {
  const resolved = await Promise.all(Object.entries(places).map(async ([name, place]) => {
    const { hostname, port } = new URL(`tcp://${place}`)
    const socket = world.connect(hostname.replace(/^\[(.*)\]$/, '$1'), Number(port))
    await once(socket, 'connect')
    const { remoteAddress = '', remotePort } = socket
    socket.destroy()
    return `--resolve=${name}:${isIPv6(remoteAddress) ? `[${remoteAddress}]` : remoteAddress}:${remotePort}`
  }))
  return ['--dns', world.dns.address, '--ca', world.caFile, '--timeout=3', ...resolved]
}

/** The options for the healthy world. */
export async function healthyOptions (world: World): Promise<string[]> {
  return await optionsFor(world, { 'example.com:443': '45.0.0.2:443', 'matrix.example.com:443': '45.0.0.3:443' })
}
