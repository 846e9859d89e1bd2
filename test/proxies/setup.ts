import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import { findFreePort } from '../support/free-ports.ts'
import { startServer, startSidecar, startSite, echoRequest } from './backends.ts'
import { makeCertificates } from './certificates.ts'
import { openClient } from './client.ts'
import type { Client, Protocol } from './client.ts'
import { requireCommand, startProgram } from './program.ts'
import type { Program } from './program.ts'
import { challengePath, portNames } from './proxies.ts'
import type { PortName, Proxy } from './proxies.ts'

/** A running proxy, with everything behind it that its example names. */
export interface Setup {
  readonly ports: Readonly<Record<PortName, number>>
  readonly directory: string
  /** The authority's certificate. */
  readonly ca: string
  /** A client of a host name at a port, closed when the test ends. */
  readonly open: (t: Test, protocol: Protocol, name: string, port: PortName) => Client
  /** Stops a sidecar, does something while it is down, and starts it again. Resolves with its exit status. */
  readonly restartSidecar: (index: 0 | 1, meanwhile: () => Promise<void>) => Promise<number | null>
}

/** Starts all of it, until the end of the test. */
export async function startSetup (
  t: Test, proxy: Proxy, homeserver: RequestListener = echoRequest
): Promise<Setup> {
  requireCommand(proxy.command, proxy.debianPackage)
  requireCommand('openssl', 'openssl')
  // Not t.testdir, which is usually in a home directory: proxies read the webroot as another user.
  const directory = mkdtempSync(join(tmpdir(), 'matrix-well-known-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  chmodSync(directory, 0o755)
  const ca = makeCertificates(directory)
  const challenge = join(directory, 'webroot', challengePath)
  mkdirSync(dirname(challenge), { recursive: true })
  writeFileSync(challenge, 'token of the webroot')

  const ports = await findPorts()
  t.teardown(await startSite('site', ports.site))
  t.teardown(await startSite('certbot', ports.certbot))
  t.teardown(await startServer(ports.homeserver, homeserver))
  const sidecarPorts = [ports.sidecar1, ports.sidecar2] as const
  const sidecars: Program[] = []
  t.teardown(async () => { for (const sidecar of sidecars) await sidecar.stop() })
  for (const port of sidecarPorts) sidecars.push(await startSidecar(port, directory))
  const { command, ready } = proxy
  const program = await startProgram({ command, args: proxy.configure({ directory, ports }), ready, directory })
  t.teardown(async () => { await program.stop() })

  return {
    ports,
    directory,
    ca,
    open: (t, protocol, name, port) => {
      const client = openClient(protocol, { name, port: ports[port], ca })
      t.teardown(() => client.close())
      return client
    },
    restartSidecar: async (index, meanwhile) => {
      const status = await sidecars[index]?.stop() ?? null
      await meanwhile()
      sidecars[index] = await startSidecar(sidecarPorts[index], directory)
      return status
    }
  }
}

/** A port for each name. */
export async function findPorts (): Promise<Record<PortName, number>> {
  const found: number[] = []
  while (found.length < portNames.length) {
    const port = await findFreePort()
    if (!found.includes(port)) found.push(port)
  }
  const port = (name: PortName): number => found[portNames.indexOf(name)] ?? 0
  return {
    http: port('http'),
    https: port('https'),
    federation: port('federation'),
    sidecar1: port('sidecar1'),
    sidecar2: port('sidecar2'),
    site: port('site'),
    homeserver: port('homeserver'),
    certbot: port('certbot')
  }
}
