import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { isIP, isIPv6 } from 'node:net'
import { join } from 'node:path'
import type { Authority } from '../../support/certificates.ts'
import { startDnsServer } from '../../support/dns-server.ts'
import type { DnsRecords } from '../../support/dns-server.ts'
import type { Scope } from '../../support/listen.ts'
import { fakeHomeserver, startHomeserver } from './homeserver.ts'
import { startNginx } from './nginx.ts'
import type { Site } from './nginx.ts'

/**
 * The directory of a run, in which hosts and resolv.conf are mounted over those of /etc.
 *
 * @throws {Error} outside the network namespace that test/readers/run makes.
 */
export function worldDirectory (): string {
  const directory = process.env.READERS_DIRECTORY
  if (directory === undefined) throw new Error('not in the network namespace: use npm run test:readers')
  return directory
}

/** A directory for Unix sockets, whose paths have to be short. */
export function makeDirectory (): string {
  return mkdtempSync(join(worldDirectory(), 'world-'))
}

export interface WorldOptions {
  readonly authority: Authority
  readonly sites: readonly Site[]
  /** All hosts that exist, without ports: names, IPv4 addresses and IPv6 addresses in brackets. */
  readonly hosts: Iterable<string>
  /** Where TLS is spoken besides 443 and 8448. */
  readonly tlsPorts?: Iterable<number>
  /** Where TLS is spoken with a certificate for another name. */
  readonly wrongPort?: number
  /** Where HTTP without TLS is spoken besides 80. */
  readonly plainPorts?: Iterable<number>
  /** What DNS knows besides the addresses of hosts, which are in the hosts file as well. */
  readonly records?: DnsRecords
  /** The IPv4 address of all names: 127.0.0.1 by default. */
  readonly address?: string
  /** Handles what the sites don't: the requests for homeservers. */
  readonly homeserver?: RequestListener
}

/** Makes the network around some sites: their hosts, a proxy with TLS for them, homeservers, and DNS. */
export async function startWorld (t: Scope, options: WorldOptions): Promise<void> {
  const { authority, sites, tlsPorts = [], wrongPort, plainPorts = [], address = '127.0.0.1', records = {} } = options
  const directory = makeDirectory()
  const hosts = new Set([...options.hosts].map(host => host.replace(/^\[|\]$/g, '').toLowerCase()))
  // Others can't exist.
  const names = [...hosts].filter(host => isIP(host) === 0 && /^[\w.-]{1,253}$/.test(host))
    .map(host => host.replace(/\.$/, ''))
  const addresses = [...hosts].filter(host => isIP(host) !== 0)
  const commands = [address, ...addresses]
    .map(address => `address replace ${address}/${isIPv6(address) ? 128 : 32} dev lo\n`)
  // A few can't be given to an interface; there the machine answers already.
  spawnSync('ip', ['-force', '-batch', '-'], { input: commands.join('') })
  const lines = names.map(name => `${address} ${name}\n`)
  writeFileSync(join(worldDirectory(), 'hosts'), ['127.0.0.1 localhost\n', ...lines].join(''))
  writeFileSync(join(worldDirectory(), 'resolv.conf'), 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n')
  const known = Object.fromEntries(names.map(name => [name, { A: [address] }]))
  await startDnsServer(t, { ...known, ...records }, 53)
  const homeserver = join(directory, 'homeserver.sock')
  await startHomeserver(t, homeserver, options.homeserver ?? fakeHomeserver)
  await startNginx(t, {
    directory,
    sites,
    homeserver,
    certificate: authority.issue({
      names: [...names.map(name => `DNS:${name}`), ...addresses.map(address => `IP:${address}`)]
    }),
    tlsPorts: [443, 8448, ...tlsPorts],
    wrong: wrongPort === undefined
      ? undefined
      : { certificate: authority.issue({ names: ['DNS:wrong.invalid'] }), port: wrongPort },
    plainPorts: [80, ...plainPorts]
  })
}
