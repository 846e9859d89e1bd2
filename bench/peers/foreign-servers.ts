import { spawnSync } from 'node:child_process'
import type { Answer } from '../answer.ts'
import type { Launch, Peer, Place } from '../peer.ts'
import { launchApache, launchCaddy, launchHaproxy, launchNginx } from './proxies.ts'
import { launchTwisted, python } from './twisted.ts'

interface Foreign {
  readonly name: string
  readonly debianPackage: string
  /** Prints its version, here or there in what it writes. */
  readonly version: readonly [command: string, ...args: string[]]
  readonly launch: (place: Place, answer: Answer) => Launch
}

const candidates: readonly Foreign[] = [
  { name: 'nginx', debianPackage: 'nginx', version: ['nginx', '-v'], launch: launchNginx },
  { name: 'HAProxy', debianPackage: 'haproxy', version: ['haproxy', '-v'], launch: launchHaproxy },
  { name: 'Caddy', debianPackage: 'caddy', version: ['caddy', 'version'], launch: launchCaddy },
  { name: 'Apache httpd', debianPackage: 'apache2', version: ['apache2', '-v'], launch: launchApache },
  { name: 'Twisted', debianPackage: 'python3-twisted', version: [python, '-c', 'import twisted; print(twisted.__version__)'], launch: launchTwisted }
]

/** Servers that do not run on Node: those that are installed, and the Debian packages of those that are not. */
export function findForeignServers (answer: Answer): { peers: Peer[], missing: string[] } {
  const peers: Peer[] = []
  const missing: string[] = []
  for (const { name, debianPackage, version: [command, ...args], launch } of candidates) {
    // Debian leaves /usr/sbin out of the path of users that are not root.
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env: { PATH: `${process.env.PATH}:/usr/sbin`, HOME: '/nonexistent' } })
    const [version] = /\d+\.\d+(\.\d+)*/.exec(`${stdout}${stderr}`) ?? []
    if (status !== 0 || version === undefined) missing.push(debianPackage)
    else peers.push({ id: debianPackage, role: 'foreign', name, version, launch: place => launch(place, answer) })
  }
  return { peers, missing }
}
