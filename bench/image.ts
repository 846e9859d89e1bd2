import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Node } from './nodes.ts'
import { settings } from './settings.ts'

/** How the container image runs the sidecar. */
export interface Image {
  readonly major: number
  readonly nodeOptions: string
  /** What stands between node and the program. */
  readonly flags: readonly string[]
  /** The program, as a path in /app, and its arguments. */
  readonly args: readonly string[]
}

const root = join(import.meta.dirname, '..')

/** What node is called with where a directory is what /app is in the image. */
export function imageArguments ({ flags, args }: Image, app: string): string[] {
  return [...flags, ...args.map(word => word.replace(/^\/app(?=\/)/, app))]
}

/** @throws {Error} when the Dockerfile no longer says it as it did. */
export function readImage (): Image {
  const text = readFileSync(join(root, 'Dockerfile'), 'utf8')
  const find = (pattern: RegExp): string => {
    const [, found] = pattern.exec(text) ?? []
    if (found === undefined) throw new Error(`the Dockerfile has no ${String(pattern)} any more: mend bench/image.ts`)
    return found
  }
  const [node, ...entry] = JSON.parse(find(/^ENTRYPOINT (\[.*\])$/m)) as string[]
  const command = JSON.parse(find(/^CMD (\[.*\])$/m)) as string[]
  const program = entry.findIndex(word => word.startsWith('/app/'))
  if (node === undefined || basename(node) !== 'node' || program < 0) throw new Error('the ENTRYPOINT is not node and a program in /app any more: mend bench/image.ts')
  return {
    major: Number(find(/^ARG NODE_IMAGE=\S*?node(?:js|:)?(\d+)/m)),
    nodeOptions: find(/^ARG NODE_OPTIONS="([^"]*)"$/m),
    flags: entry.slice(0, program),
    args: [...entry.slice(program), ...command]
  }
}

/**
 * Makes a directory what /app is in the image: the bundle, with the bytecode that its Node makes of it, where the image
 * has such.
 *
 * @param port a free one, to make the bytecode with.
 */
export function installImage ({ flags, nodeOptions }: Image, node: Node, directory: string, port: number): void {
  cpSync(join(root, 'bundle'), join(directory, 'bundle'), { recursive: true })
  cpSync(join(root, 'package.json'), join(directory, 'package.json'))
  const writeCodeCache = join(directory, 'bundle/write-code-cache.cjs')
  if (!existsSync(writeCodeCache)) return
  execFileSync(node.path, [...flags, writeCodeCache], {
    cwd: directory,
    env: { NODE_OPTIONS: nodeOptions, ...settings, HOST: '127.0.0.1', PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit']
  })
}
