import { parseDotEnv } from '../../src/config/dot-env.ts'
import type { Environment } from '../../src/config/environment.ts'
import { loadSiteConfig } from '../../src/config/site-config.ts'
import type { Description } from '../../src/import/description.ts'
import type { Draft } from '../../src/import/draft.ts'
import { renderEnvFile } from '../../src/import/env-file.ts'
import { importSettings } from '../../src/import/settings-import.ts'
import type { Document } from '../../src/site/documents.ts'
import { describePlace } from '../../src/import/source-document.ts'

/** What an import prints. */
export interface Imported {
  readonly draft: Draft
  /** The settings as the file is read again. */
  readonly environment: Environment
  readonly file: string
  /** The remarks, as `kind VARIABLE`. */
  readonly remarks: readonly string[]
  /** The documents that these settings serve, by name. */
  readonly served: Readonly<Record<string, unknown>>
  readonly documents: readonly Document[]
}

/** Imports from a description, and reads the file that is printed as the server does. */
export function importFrom (description: Description, serverName?: string): Imported {
  const draft = importSettings(description, serverName)
  const file = renderEnvFile(draft, description.source)
  const { environment } = parseDotEnv(file)
  const { documents } = loadSiteConfig(environment)
  return {
    draft,
    documents,
    environment,
    file,
    remarks: draft.remarks.map(({ kind, variable }) => `${kind} ${variable}`),
    served: Object.fromEntries(documents.map(({ name, body }) => [name, JSON.parse(body)]))
  }
}

/** A description of documents as they are published. */
export function describeDocuments (documents: Readonly<Record<string, object>>): Description {
  return {
    source: 'https://example.com',
    serverName: 'example.com',
    documents: new Map(Object.entries(documents).map(([name, content]) => [name, { ...content }])),
    isPublished: true,
    describe: describePlace,
    withoutServer: 'there is no /server',
    remarks: []
  }
}
