/** What a reader made of what a server name publishes: a value of its own shape, or the error it ends with. */
export type Reading =
  { readonly value: Readonly<Record<string, unknown>>, readonly error?: undefined } |
  { readonly error: string, readonly value?: undefined }

/** A document, as the end of its path. */
export type DocumentName = 'client' | 'server' | 'support' | 'policy_server'

/** A program that people use with Matrix, or the part of it that reads well-known documents. */
export interface Reader {
  readonly name: string
  /** Which documents it reads. */
  readonly documents: readonly DocumentName[]
  /** Looks a server name up in the world that the process is in. */
  read (serverName: string, document: DocumentName): Promise<Reading>
}
