import { escapeUnseen } from '../matrix/printable.ts'

/**
 * Why nothing is imported: the command line lacks something, a source can't be read, or there is nothing usable in it.
 */
export type ImportErrorCode = 'ERR_IMPORT_ARGUMENTS' | 'ERR_IMPORT_UNREADABLE' | 'ERR_IMPORT_UNUSABLE'

/** Nothing can be imported. Its message has every fault on a line of its own. */
export class ImportError extends Error {
  override readonly name = 'ImportError'
  readonly code: ImportErrorCode

  constructor (code: ImportErrorCode, ...faults: readonly string[]) {
    super(faults.map(escapeUnseen).join('\n'))
    this.code = code
  }
}
