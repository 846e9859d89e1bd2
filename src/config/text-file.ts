import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

/** In bytes. Far above any document that a reader accepts: a larger file is some other file. */
const defaultMaxSize = 1_048_576

const defaultFix = 'use the path of another file'

/** A file that can't be read; the message has the fault and the fix. */
export class TextFileError extends Error {
  override readonly name = 'TextFileError'
  readonly code = 'ERR_TEXT_FILE'
  readonly fault: string
  /** Whether there is no such file. */
  readonly missing: boolean

  constructor (fault: string, fix: string, missing = false) {
    super(`${fault}; ${fix}`)
    this.fault = fault
    this.missing = missing
  }
}

/**
 * Reads a regular file in UTF-8, and never more of it than `maxSize` bytes: files in `/proc` have no size, and any file
 * may grow.
 *
 * @param otherFix what to do if the file is the wrong one.
 * @returns the text, or why the file is missing, too large, not a regular file, or not text.
 */
export function readTextFile (path: string, maxSize = defaultMaxSize, otherFix = defaultFix): string | TextFileError {
  const bytes = readFileBytes(path, maxSize, otherFix)
  return bytes instanceof TextFileError ? bytes : decodeText(bytes, otherFix)
}

/** @returns the text without a byte order mark, or why the bytes are not text. */
export function decodeText (bytes: Uint8Array, otherFix = defaultFix): string | TextFileError {
  try {
    // As PowerShell 5 writes files.
    const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
    if (isUtf16) return new TextFileError('text in UTF-16', 'save it as UTF-8')
    // UTF-16 without a mark, and most binary files, are valid UTF-8 with this byte.
    if (bytes.includes(0)) return new TextFileError('not text', otherFix)
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextFileError('not text in UTF-8', 'save it as UTF-8')
  }
}

/** The same without decoding it. */
export function readFileBytes (
  path: string, maxSize = defaultMaxSize, otherFix = defaultFix
): Uint8Array | TextFileError {
  try {
    const bytes = readBytes(path, maxSize)
    if (bytes === undefined) return new TextFileError('not a regular file', otherFix)
    return bytes.length > maxSize ? new TextFileError(`larger than ${maxSize} bytes`, otherFix) : bytes
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return new TextFileError('no such file', otherFix, true)
    const [fault, fix] = readFaults.get(code) ?? [`can't be read (${message})`, otherFix]
    return new TextFileError(fault, fix)
  }
}

/** The same of a stream, such as standard input or a pipe. */
export async function readStreamBytes (
  stream: AsyncIterable<Uint8Array>, maxSize = defaultMaxSize, otherFix = defaultFix
): Promise<Uint8Array | TextFileError> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of stream) {
      chunks.push(chunk)
      size += chunk.length
      if (size > maxSize) return new TextFileError(`longer than ${maxSize} bytes`, otherFix)
    }
  } catch (error) {
    return new TextFileError(`can't be read (${(error as Error).message})`, 'use the path of a file')
  }
  if (size === 0) return new TextFileError('empty', 'check the command that writes it (docker run needs --interactive)')
  return Buffer.concat(chunks)
}

/** @returns the text of a stream, as `readTextFile` has it of a file. */
export async function readStreamText (
  stream: AsyncIterable<Uint8Array>, maxSize = defaultMaxSize, otherFix = defaultFix
): Promise<string | TextFileError> {
  const bytes = await readStreamBytes(stream, maxSize, otherFix)
  return bytes instanceof TextFileError ? bytes : decodeText(bytes)
}

const readFaults: ReadonlyMap<string, readonly [fault: string, fix: string]> = new Map([
  ['EACCES', ['no permission to read it', 'give it to the user of this process']],
  ['ELOOP', ['a symbolic link that leads back to itself', 'replace it by the file']]
])

/** One byte more than the limit if the file is larger; undefined if it is not a regular file. */
function readBytes (path: string, maxSize: number): Uint8Array | undefined {
  // Opening a pipe would wait for a writer.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stats = fstatSync(file)
    if (!stats.isFile()) return undefined
    // Usually the whole file and its end, but a file may be larger than it claims.
    const chunkSize = Math.max(stats.size + 1, 2_048)
    const chunks: Uint8Array[] = []
    for (let rest = maxSize + 1; rest > 0;) {
      const chunk = Buffer.allocUnsafe(Math.min(rest, chunkSize))
      const length = readSync(file, chunk, 0, chunk.length, null)
      if (length === 0) break
      chunks.push(chunk.subarray(0, length))
      rest -= length
    }
    return Buffer.concat(chunks)
  } finally {
    closeSync(file)
  }
}
