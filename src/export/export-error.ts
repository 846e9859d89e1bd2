/** Files can't be exported. Each message names a file, the fault and the fix. */
export class ExportError extends Error {
  override readonly name = 'ExportError'
  readonly code = 'ERR_EXPORT'
  readonly messages: readonly string[]

  constructor (messages: readonly string[]) {
    super(messages.join('\n'))
    this.messages = messages
  }
}

/** @throws {ExportError} if the file system refuses an action. */
export function attempt<Result> (path: string, action: () => Result): Result {
  try {
    return action()
  } catch (error) {
    throw explainFileError(path, error)
  }
}

/** What a file system refuses, in words. */
export function explainFileError (path: string, error: unknown): ExportError {
  const { code = '', message } = error as NodeJS.ErrnoException
  return new ExportError([`${path}: ${explanations.get(code) ?? `can't be used (${message})`}`])
}

const full = 'the disk is full; free some space, then export again'
const denied = 'no permission; use another folder, or change who may write there'

const explanations: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', full],
  ['EDQUOT', full],
  ['EACCES', denied],
  ['EPERM', denied],
  ['EROFS', 'its file system is read-only; use another folder'],
  ['ENOENT', "it can't be created there, or it is a link that leads nowhere; use another folder"],
  ['EEXIST', 'it is a file; use the path of a folder'],
  ['ENOTDIR', 'a part of the path is a file; use the path of a folder'],
  ['ENAMETOOLONG', 'the name is too long for the file system; use a shorter path'],
  ['ELOOP', 'its symbolic links lead in a circle; use another folder']
])
