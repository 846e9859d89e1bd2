import { join } from 'node:path'
import type { Answer } from '../answer.ts'
import { imageArguments } from '../image.ts'
import type { Image } from '../image.ts'
import type { Node } from '../nodes.ts'
import type { Peer, Role } from '../peer.ts'
import type { NodeServer } from '../server-options.ts'
import { settings } from '../settings.ts'

const root = join(import.meta.dirname, '../..')

/** Servers that are not the sidecar, on a Node. */
export function buildReferences (node: Node, image: Image, answer: Answer, { options, properties }: NodeServer): Peer[] {
  const plain = { flags: [], environment: {} }
  const asImage = { flags: image.flags, environment: { NODE_OPTIONS: image.nodeOptions } }
  const raw = (role: Role, name: string, file: string, { flags, environment }: { flags: readonly string[], environment: Record<string, string> }): Peer => ({
    id: `${role}-${node.major}`,
    role,
    name,
    node,
    launch: ({ port }) => ({
      command: node.path,
      args: [...flags, join(import.meta.dirname, file), JSON.stringify({ port, answer, options, properties })],
      environment
    })
  })
  return [
    raw('raw', 'bare node:http', 'bare-http.cjs', plain),
    raw('raw-module', 'bare node:http, as an ES module', 'bare-http.mjs', plain),
    raw('raw-image', 'bare node:http, flags of the image', 'bare-http.cjs', asImage),
    {
      id: `naive-${node.major}`,
      role: 'naive',
      name: 'naive Fastify app',
      node,
      launch: ({ port }) => ({ command: node.path, args: [join(import.meta.dirname, 'naive-fastify.js'), JSON.stringify({ port, answer })] })
    }
  ]
}

/**
 * The sidecar on a Node: from npm's files, as the image runs it, and with a line for each request.
 *
 * @param app what is /app in the image.
 */
export function buildSidecars (node: Node, image: Image, app: string): Peer[] {
  const program = join(root, 'dist/cli.js')
  const logging = { LOG_REQUESTS: 'true' }
  const build = (role: Role, name: string, args: readonly string[], environment: Record<string, string>, output?: 'pipe' | 'file'): Peer => ({
    id: `${role}-${node.major}`,
    role,
    name,
    node,
    launch: ({ port }) => ({
      command: node.path,
      args,
      environment: { ...settings, HOST: '127.0.0.1', PORT: String(port), ...environment },
      ...output === undefined ? {} : { output }
    })
  })
  return [
    build('ours', 'matrix-well-known', [program], {}),
    build('image', 'matrix-well-known, as the image runs it', imageArguments(image, app), { NODE_OPTIONS: image.nodeOptions }),
    build('log-pipe', 'matrix-well-known, logging to a pipe', [program], logging, 'pipe'),
    build('log-file', 'matrix-well-known, logging to a file', [program], logging, 'file')
  ]
}
