import { stat } from 'node:fs/promises'

/** In milliseconds. */
const maxTurn = 5

/**
 * Calls a function for many files, in turns between which requests are served.
 *
 * A turn starts with an asynchronous call for its first file: on a network file system that doesn't respond, that call
 * waits instead of the whole process.
 */
export async function forEachFile<File extends readonly [path: string, ...rest: unknown[]]> (
  files: Iterable<File>, visit: (file: File) => void
): Promise<void> {
  let end = 0
  for (const file of files) {
    if (performance.now() > end) {
      await stat(file[0]).catch(() => undefined)
      end = performance.now() + maxTurn
    }
    visit(file)
  }
}
