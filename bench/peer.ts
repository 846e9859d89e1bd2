import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Node } from './nodes.ts'

/** How a server answers, and what it is compared as. */
export type Role = 'raw' | 'raw-module' | 'raw-image' | 'naive' | 'ours' | 'image' | 'log-pipe' | 'log-file' | 'foreign'

/** A server that is measured. */
export interface Peer {
  readonly id: string
  readonly role: Role
  readonly name: string
  /** Of the program, for those that do not run on Node. */
  readonly version?: string
  readonly node?: Node
  /** Writes its configuration, if it has one, and tells how it is started. */
  readonly launch: (place: Place) => Launch
}

/** What a server is given: an empty directory and a free port of 127.0.0.1. */
export interface Place {
  readonly directory: string
  readonly port: number
}

export interface Launch {
  readonly command: string
  readonly args: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Where standard output goes; /dev/null unless it is given. */
  readonly output?: 'pipe' | 'file'
}

export function write ({ directory }: Place, name: string, text: string): string {
  const path = join(directory, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return path
}
