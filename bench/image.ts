import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** How the container image runs the sidecar. */
export interface Image {
  readonly major: number
  readonly nodeOptions: string
  /** What stands between node and the program. */
  readonly flags: readonly string[]
  /** The program, in this repository, and its arguments. */
  readonly args: readonly string[]
}

const root = join(import.meta.dirname, '..')

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
    nodeOptions: /NODE_OPTIONS="([^"]*)"/.exec(text)?.[1] ?? '',
    flags: entry.slice(0, program),
    args: [...entry.slice(program), ...command].map(word => word.replace(/^\/app\//, `${root}/`))
  }
}
