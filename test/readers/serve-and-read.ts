import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Test } from 'tap'
import type { Authority } from '../support/certificates.ts'
import type { Configuration } from './configurations/configuration.ts'
import { hostAndPort, parseAuthority } from './meaning.ts'
import type { DocumentName, Reader } from './reader.ts'
import { startSidecar } from './sidecar.ts'
import { compare } from './understanding.ts'
import { makeDirectory, startWorld } from './world/world.ts'
import type { WorldOptions } from './world/world.ts'

/** What became of a configuration. */
export interface Result {
  readonly configuration: Configuration
  /** What the server wrote if it refused the settings. */
  readonly refusal: string | undefined
  readonly readings: readonly Comparison[]
}

export interface Comparison {
  readonly reader: string
  readonly document: DocumentName
  readonly meant: unknown
  readonly read: unknown
}

/** Serves configurations, each from a sidecar of its own, behind one proxy, and lets all readers read them. */
export async function serveAndRead (
  t: Test, authority: Authority, readers: readonly Reader[], configurations: readonly Configuration[]
): Promise<Result[]> {
  const directory = makeDirectory()
  const sidecars = await Promise.all(configurations.map(async (configuration, index) => {
    const socket = join(directory, `${index}.sock`)
    return { configuration, socket, refusal: await startSidecar(t, configuration.settings, socket) }
  }))
  const served = sidecars.filter(({ refusal }) => refusal === undefined)
  await startWorld(t, {
    authority,
    sites: served.map(({ configuration, socket }) => ({ serverName: configuration.settings.SERVER_NAME, socket })),
    ...networkOf(served.map(({ configuration }) => configuration))
  })
  const results: Result[] = []
  // One after another: with all of them at once, readers reach their own time limits.
  for (const { configuration, refusal } of sidecars) {
    const readings = refusal === undefined ? await readAll(readers, configuration) : []
    results.push({ configuration, refusal, readings })
  }
  return results
}

async function readAll (readers: readonly Reader[], configuration: Configuration): Promise<Comparison[]> {
  const { settings: { SERVER_NAME: serverName }, meaning, records = {} } = configuration
  const subject = { serverName, meaning, records }
  return await Promise.all(readers.flatMap(reader => reader.documents.map(async document => {
    const read = async (): Promise<Comparison> => {
      const reading = await reader.read(serverName, document)
      return { reader: reader.name, document, ...compare(reader.name, document, subject, reading) }
    }
    const first = await read()
    // On a busy machine, a reader may reach its time limit: matrix-js-sdk has 5 s.
    return isDeepStrictEqual(first.meant, first.read) ? first : await read()
  })))
}

type Network = Pick<Required<WorldOptions>, 'hosts' | 'tlsPorts' | 'plainPorts' | 'records'>

/** Everything that the configurations refer to exists, as an operator means it. */
function networkOf (configurations: readonly Configuration[]): Network {
  const hosts = new Set<string>()
  const tlsPorts = new Set<number>()
  const plainPorts = new Set<number>()
  for (const { settings, meaning: { baseUrl, identityServer, server }, records = {} } of configurations) {
    for (const name of [settings.SERVER_NAME, server]) {
      if (name === undefined) continue
      const { host, port } = parseAuthority(name)
      hosts.add(host)
      if (port !== undefined) tlsPorts.add(port)
    }
    for (const url of [baseUrl, identityServer]) {
      if (url === undefined) continue
      const { scheme, host, port } = hostAndPort(url)
      hosts.add(host)
      if (scheme === 'https') tlsPorts.add(port)
      if (scheme === 'http') plainPorts.add(port)
    }
    for (const { SRV } of Object.values(records)) {
      if (!Array.isArray(SRV)) continue
      for (const { port, target } of SRV) {
        hosts.add(target)
        tlsPorts.add(port)
      }
    }
  }
  return { hosts, tlsPorts, plainPorts, records: Object.assign({}, ...configurations.map(({ records }) => records)) }
}
