import { execFileSync } from 'node:child_process'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Node {
  readonly major: number
  readonly version: string
  readonly path: string
}

export const oldest = 20
export const newest = 26

const withNode = join(import.meta.dirname, '../.ci/with-node')

/** Fetches a version of Node, where it is not there yet. */
export function findNode (major: number): Node {
  const script = 'JSON.stringify([process.execPath, process.version])'
  const output = execFileSync(withNode, [String(major), 'node', '-p', script], { encoding: 'utf8' })
  const [path, version] = JSON.parse(output) as [string, string]
  return { major, version: version.slice(1), path }
}

/** A copy of a Node, that shares no memory with this process. */
export function copyNode (node: Node, directory: string): Node {
  const path = join(directory, `node-${node.major}`)
  copyFileSync(node.path, path)
  return { ...node, path }
}
