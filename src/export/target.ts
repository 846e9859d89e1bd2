import type { Publication } from './publication.ts'

/** A file for a host or proxy. */
export interface OutputFile {
  /** Relative to the folder of the export, with slashes. */
  readonly path: string
  readonly text: string
  readonly isExecutable?: true
  /** Of a file that a site may have anyway. */
  readonly shared?: {
    /** Whether a file that is there already has everything that this one has. */
    readonly isIn: (existing: string) => boolean
    /** What to do with the text of this file otherwise, as in "add this to …: ". */
    readonly fix: string
  }
  /** A file that has to have something instead, if the site has that file: this one would break the site. */
  readonly unless?: OutputFile
}

export interface Output {
  readonly files: readonly OutputFile[]
  /** What is left to do, and what the host can't do: one line each, for any site. */
  readonly notes: readonly string[]
  /** What is left to do, or wrong, for these documents. */
  readonly warnings?: readonly string[]
}

/** A host or proxy that documents are exported for. */
export interface Target {
  /** For the usage text. */
  readonly summary: string
  /** The path of the file that configures the host or proxy; undefined if it has no single one. */
  readonly snippet?: string
  readonly build: (publication: Publication) => Output
}
