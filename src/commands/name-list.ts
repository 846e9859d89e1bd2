import { createReadStream, statSync } from 'node:fs'
import { namePath, standardInput } from '../config/standard-input.ts'
import { readStreamText, readTextFile } from '../config/text-file.ts'
import type { TextFileError } from '../config/text-file.ts'
import { quote } from '../matrix/printable.ts'
import { UsageError } from './command-line.ts'
import { findNameFaults } from './server-name-faults.ts'

/** Enough for a million names, in bytes. */
const maxSize = 67_108_864

export interface NameList {
  readonly names: readonly string[]
  /** One line for each line of the list that isn't a server name. */
  readonly faults: readonly string[]
}

/**
 * Reads a list of server names: one on each line; empty lines and what follows a "#" are ignored.
 *
 * @param path `-` is standard input.
 * @throws {UsageError} if it can't be read, or has no names.
 */
export async function readNames (path: string, stdin: AsyncIterable<Uint8Array>): Promise<NameList> {
  const text = path === standardInput
    ? await readStream(stdin)
    : isPipe(path) ? await readStream(createReadStream(path)) : readTextFile(path, maxSize)
  if (typeof text !== 'string') throw new UsageError(`--file is ${quote(path)}: ${text.message}`)
  const lines = text.split(/\r\n|\n|\r/).map(line => line.replace(/(^|\s)#.*/, '').trim())
  const names = lines.filter(line => line !== '')
  if (names.length === 0) throw new UsageError(`--file is ${quote(path)}: has no names; write one on each line`)
  const faults = lines.flatMap((line, i) =>
    line === '' ? [] : findNameFaults([line], `${namePath(path)}, line ${i + 1}: the server name`))
  return { names, faults }
}

/** What the shell makes of `<(…)` is a pipe. */
function isPipe (path: string): boolean {
  try {
    return statSync(path).isFIFO()
  } catch {
    // Reading it says why.
    return false
  }
}

async function readStream (stream: AsyncIterable<Uint8Array>): Promise<string | TextFileError> {
  return await readStreamText(stream, maxSize, 'check fewer names at once')
}
