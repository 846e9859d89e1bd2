import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** How the container image runs the sidecar. */
export interface Image {
  /** The major version of its Node. */
  readonly major: number
  readonly nodeOptions: string
  /** Node's flags, the program as a path in /app, and its arguments. */
  readonly args: readonly string[]
}

const root = join(import.meta.dirname, '..')

/** The arguments of node for a directory that has the contents of the image's /app. */
export function imageArguments ({ args }: Pick<Image, 'args'>, app: string): string[] {
  return args.map(word => word.replace(/^\/app(?=\/)/, app))
}

/** @throws {Error} if the Dockerfile isn't written as expected. */
export function readImage (): Image {
  const text = readFileSync(join(root, 'Dockerfile'), 'utf8')
  const find = (pattern: RegExp): string => {
    const [, found] = pattern.exec(text) ?? []
    if (found === undefined) throw new Error(`the Dockerfile doesn't match ${String(pattern)}; fix bench/image.ts`)
    return found
  }
  const args = `${find(/^ENTRYPOINT \["node", (.*"\/app\/.*)\]$/m)}, ${find(/^CMD \[(.*)\]$/m)}`
  return {
    major: Number(find(/^ARG NODE_IMAGE=\S*?node(?:js|:)?(\d+)/m)),
    nodeOptions: find(/^ARG NODE_OPTIONS="([^"]*)"$/m),
    args: [...args.matchAll(/"([^"]*)"/g)].map(([, word = '']) => word)
  }
}

/** Copies the contents of the image's /app to a directory, with the bytecode that this Node makes of the bundle. */
export function installImage (image: Image, node: string, settings: NodeJS.ProcessEnv, app: string): void {
  cpSync(join(root, 'bundle'), join(app, 'bundle'), { recursive: true })
  cpSync(join(root, 'package.json'), join(app, 'package.json'))
  const writeCodeCache = '/app/bundle/write-code-cache.cjs'
  const flags = image.args.slice(0, image.args.findIndex(word => word.startsWith('/app/')))
  const env = { NODE_OPTIONS: image.nodeOptions, ...settings }
  for (const command of [['serve'], ['check', '--help']]) {
    const args = imageArguments({ args: [...flags, writeCodeCache, ...command] }, app)
    execFileSync(node, args, { cwd: app, env, stdio: ['ignore', 'ignore', 'inherit'] })
  }
}
