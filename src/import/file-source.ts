import { settingsOf } from '../config/document-settings.ts'
import { namePath } from '../config/standard-input.ts'
import type { TextFileError } from '../config/text-file.ts'
import type { JsonObject } from '../matrix/json-object.ts'
import { documentPath, isDocumentName } from '../site/documents.ts'
import { describeConfiguration } from './configuration.ts'
import type { Description } from './description.ts'
import type { Remark } from './draft.ts'
import { readSourceFiles } from './files.ts'
import type { SourceFile } from './files.ts'
import { ImportError } from './import-error.ts'
import { describePlace, readSourceDocument, recognizeDocument } from './source-document.ts'
import { explainStrayFile } from './stray-file.ts'

/** Files that were read, with what they describe. */
export interface FileSource {
  readonly description: Description
  /** Those that are documents, by the last part of their path. */
  readonly bodies: ReadonlyMap<string, Uint8Array>
}

/**
 * Reads the configuration of a homeserver, or the documents themselves: what it is, their content says.
 *
 * @param input what was read from standard input, if the paths have it.
 * @throws {ImportError} if a file can't be read or used.
 */
export function readFileSource (paths: readonly string[], input?: Uint8Array | TextFileError): FileSource {
  const files = readSourceFiles(paths, input)
  const documents = files.map(file => ({ file, ...identify(file) }))
  const configuration = documents.filter(({ name }) => name === undefined)
  if (configuration.length === 0) return describeFiles(documents, paths)
  if (configuration.length < files.length) {
    const [first] = configuration
    throw new ImportError('ERR_IMPORT_ARGUMENTS', `${first?.file.path} isn't a well-known document, but others are; ` +
      'import one kind at a time')
  }
  return { description: describeConfiguration(files.map(decode)), bodies: new Map() }
}

interface Identified {
  readonly file: SourceFile
  /** Undefined if it is not a document. */
  readonly name: string | undefined
  readonly content: JsonObject | undefined
}

function identify (file: SourceFile): Omit<Identified, 'file'> {
  const { content } = readSourceDocument(file.body)
  return { content, name: file.document ?? (content && recognizeDocument(content)) }
}

function describeFiles (documents: readonly Identified[], paths: readonly string[]): FileSource {
  const source = paths.map(namePath).join(', ')
  const remarks: Remark[] = []
  const contents = new Map<string, JsonObject>()
  const bodies = new Map<string, Uint8Array>()
  for (const { name = '', content, file } of documents) {
    const reason = explainStrayFile(name, content)
    if (reason !== undefined) {
      remarks.push({ kind: 'left-out', variable: 'EXTRA_WELL_KNOWN_DOCUMENTS', text: `${file.path}: ${reason}` })
      continue
    }
    if (bodies.has(name)) {
      throw new ImportError('ERR_IMPORT_ARGUMENTS', `${file.path} is a second ${documentPath(name)}; import only one`)
    }
    bodies.set(name, file.body)
    if (content !== undefined) contents.set(name, content)
    else {
      const variable = isDocumentName(name) ? settingsOf(name)[0] : undefined
      remarks.push({ kind: 'left-out', variable, text: `${file.path}: not a JSON object` })
    }
  }
  return {
    bodies,
    description: {
      source,
      serverName: undefined,
      documents: contents,
      isPublished: true,
      describe: describePlace,
      withoutServer: bodies.has('server')
        ? `${documentPath('server')} isn't a document. Set M_SERVER, and remove this.`
        : `There is no ${documentPath('server')}. Without it, other servers use SRV records or port 8448.`,
      remarks
    }
  }
}

function decode ({ path, body }: SourceFile): { path: string, text: string } {
  try {
    return { path, text: new TextDecoder('utf-8', { fatal: true }).decode(body) }
  } catch {
    throw new ImportError('ERR_IMPORT_UNUSABLE', `${path}: not text in UTF-8; save it as UTF-8`)
  }
}
