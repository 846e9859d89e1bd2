import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { imageArguments, installImage, readImage } from './image.ts'
import { launchBare, launchCaddy, launchNginx, launchSidecar, launchTwisted, python, settings } from './launch.ts'
import type { Response } from './launch.ts'
import { bundlePackage } from './package.ts'
import { findPort, startServer } from './process.ts'
import type { Launch, Place } from './process.ts'
import type { Bar, Lab } from './report.ts'
import type { Samples } from './statistics.ts'

/** A server to measure. */
export interface Peer {
  /** bare: node:http and nothing else. sidecar: as npm installs it. image: as the image runs it. */
  readonly kind: 'bare' | 'sidecar' | 'image' | 'logging' | 'metrics' | 'other'
  readonly name: string
  /** Of the program, or of the Node that runs it. */
  readonly version: string
  readonly launch: (place: Place) => Launch
  /** The bare server on the same Node; on the newest for servers that don't run on Node. */
  readonly reference?: Peer
}

const newestNode = 26
const root = join(import.meta.dirname, '..')

/**
 * Makes all servers give the sidecar's response.
 *
 * @throws {Error} if one isn't installed or gives another response.
 */
export async function findPeers (lab: Lab): Promise<Peer[]> {
  const program = [bundlePackage(lab.directory)]
  const response = await ask(place => launchSidecar(place, process.execPath, program), lab)
  const image = readImage()
  const peers: Peer[] = []
  for (const major of lab.smoke ? [newestNode] : new Set([image.major, newestNode])) {
    const { file, version } = findNode(major, lab.directory)
    const app = join(lab.directory, `app-${major}`)
    installImage(image, file, { ...settings, PORT: String(await findPort()) }, app)
    const reference: Peer =
      { kind: 'bare', name: 'bare node:http', version, launch: place => launchBare(place, file, response) }
    const build = (kind: Peer['kind'], what: string, args: readonly string[], environment = {}): Peer => {
      const launch = (place: Place): Launch => launchSidecar(place, file, args, environment)
      return { kind, name: `matrix-well-known${what}`, version, launch, reference }
    }
    peers.push(
      reference,
      build('sidecar', '', program),
      build('image', ' in the image', imageArguments(image, app), { NODE_OPTIONS: image.nodeOptions }),
      build('logging', ' with LOG_REQUESTS', program, { LOG_REQUESTS: 'true' }),
      build('metrics', ' with METRICS_PORT', program, { METRICS_PORT: String(await findPort()) })
    )
  }
  peers.push(...findOthers(response, peers.findLast(({ kind }) => kind === 'bare')))
  for (const { name, launch } of peers) {
    const [actual, expected] = [await ask(launch, lab), response].map(value => JSON.stringify(value))
    if (actual !== expected) throw new Error(`${name}: the response is ${actual} instead of ${expected}`)
  }
  return peers
}

/** Fetches a version of Node. It is a copy, so that it shares no memory with this process. */
export function findNode (major: number, directory: string): Record<'file' | 'version', string> {
  const script = 'console.log(process.execPath, process.versions.node)'
  const output = execFileSync(join(root, '.ci/with-node'), [String(major), 'node', '-e', script], { encoding: 'utf8' })
  const [original = '', version = ''] = output.trim().split(' ')
  const file = join(directory, `node-${major}`)
  copyFileSync(original, file)
  return { file, version: `Node ${version}` }
}

function findOthers (response: Response, reference: Peer | undefined): Peer[] {
  return ([
    ['nginx', launchNginx, 'nginx', '-v'],
    ['Caddy', launchCaddy, 'caddy', 'version'],
    ['Twisted', launchTwisted, python, '-c', 'import twisted; print(twisted.__version__)']
  ] as const).map(([name, launch, command, ...args]) => {
    // Debian keeps /usr/sbin out of the PATH of ordinary users.
    const env = { PATH: `${process.env.PATH}:/usr/sbin`, HOME: '/nonexistent' }
    const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env })
    const [version] = /\d+\.\d+(\.\d+)*/.exec(`${stdout}${stderr}`) ?? []
    if (version === undefined) throw new Error(`${name} is not installed; .ci/packages installs it`)
    return { kind: 'other', name, version, launch: place => launch(place, response), ...reference && { reference } }
  })
}

/** Every server has its own values of these, or leaves them out. */
const ownHeaders = new Set(['date', 'server', 'connection', 'keep-alive', 'vary', 'transfer-encoding'])

async function ask (launch: Peer['launch'], lab: Lab): Promise<Response> {
  const server = await startServer(launch, lab)
  const response = await fetch(server.url)
  // The order is alphabetical.
  const headers = [...response.headers].filter(([name]) => !ownHeaders.has(name))
  const body = await response.text()
  await server.stop()
  return { status: response.status, headers, body }
}

/** A bar for each of these peers. */
export function compareWithBare (what: string, limit: Bar['limit'], samples: Samples<Peer>, peers: Peer[]): Bar[] {
  return peers.map(peer =>
    ({ text: `${what} ÷ bare node:http: ${peer.name}, ${peer.version}`, limit, measured: samples.ratio(peer) }))
}
