import { lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Creates a folder and those above it, if they aren't there. Node's own `recursive` never returns where a file system
 * refuses each new name as if a folder above it was missing, as `/proc` does.
 *
 * @throws {Error} with the code of the file system if it refuses that.
 */
export function createFolder (path: string): void {
  const place = resolve(path)
  // Throws if it leads nowhere: a folder can't be created there either, but only because the link is there.
  if (lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true) realpathSync(place)
  if (statSync(place, { throwIfNoEntry: false })?.isDirectory() === true) return
  createFolder(dirname(place))
  mkdirSync(place)
}
