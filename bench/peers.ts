import { join } from 'node:path'
import { assertSame, readAnswer } from './answer.ts'
import type { Answer } from './answer.ts'
import { installImage, readImage } from './image.ts'
import type { Node } from './nodes.ts'
import type { Peer } from './peer.ts'
import { findForeignServers } from './peers/foreign-servers.ts'
import { buildReferences, buildSidecars } from './peers/node-servers.ts'
import { readServerOptions } from './server-options.ts'
import { findPort, startServer } from './server.ts'

/** All servers there are. */
export interface Peers {
  /** Those on a Node. */
  readonly on: (node: Node) => Peer[]
  readonly foreign: readonly Peer[]
  /** The Debian packages of those that are not installed. */
  readonly missing: readonly string[]
}

/**
 * Has every server give the answer that the sidecar gives, and sees that it does.
 *
 * @param directory for what they need.
 */
export async function findPeers (nodes: readonly Node[], directory: string): Promise<Peers> {
  const image = readImage()
  const options = await readServerOptions()
  const app = (node: Node): string => join(directory, `app-${node.major}`)
  for (const node of nodes) installImage(image, node, app(node), await findPort())
  const answer = await askSidecar(nodes.flatMap(node => buildSidecars(node, image, app(node))))
  const { peers: foreign, missing } = findForeignServers(answer)
  const on = (node: Node): Peer[] => [...buildReferences(node, image, answer, options), ...buildSidecars(node, image, app(node))]
  for (const peer of [...nodes.flatMap(on), ...foreign]) assertSame(peer.name, await ask(peer), answer)
  return { on, foreign, missing }
}

async function askSidecar ([sidecar]: readonly Peer[]): Promise<Answer> {
  if (sidecar === undefined) throw new Error('there is no Node to run the sidecar on')
  return await ask(sidecar)
}

async function ask (peer: Peer): Promise<Answer> {
  const server = await startServer(peer)
  try {
    return await readAnswer(server.port)
  } finally {
    await server.stop()
  }
}
