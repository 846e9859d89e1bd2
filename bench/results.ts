import type { Peer, Role } from './peer.ts'
import { summarise } from './statistics.ts'
import type { Spread } from './statistics.ts'
import type { Load } from './wrk.ts'

/** Who was measured. */
export interface Subject {
  readonly id: string
  readonly role: Role
  readonly name: string
  /** Of Node, for those that run on it. */
  readonly version: string
  readonly node?: number
}

/** By the id of a subject: one round. */
export type Round<Value> = Readonly<Record<string, Value>>

/** A part of the benchmark, with when, where and how it was run. */
export interface Part<Value> {
  readonly date: string
  readonly machine: string
  /** The share of its cores' time that other programs took, beforehand. */
  readonly busy: number
  readonly command: string
  /** The Debian packages of servers that are not installed. */
  readonly missing: readonly string[]
  readonly subjects: readonly Subject[]
  readonly rounds: ReadonlyArray<Round<Value>>
}

/** In MB. */
export interface LoadedMemory {
  readonly rest: number
  readonly loaded: number
}

/** All that is in results.json. */
export interface Results {
  readonly throughput?: Part<Load>
  /** From the start to the first 200, in milliseconds. */
  readonly start?: Part<number>
  /** At rest, in MB; and after the load. */
  readonly memory?: Part<number> & { readonly load: number, readonly loaded: Round<LoadedMemory> }
}

export function describe ({ id, role, name, version, node }: Peer): Subject {
  return { id, role, name, version: node?.version ?? version ?? '', ...node === undefined ? {} : { node: node.major } }
}

export function spread<Value> (part: Part<Value>, id: string, read: (value: Value) => number): Spread {
  return summarise(part.rounds.flatMap(({ [id]: value }) => value === undefined ? [] : [read(value)]))
}

/** The ratio of two subjects, each time of the same round. */
export function ratio<Value> (part: Part<Value>, id: string, reference: string, read: (value: Value) => number): Spread {
  return summarise(part.rounds.flatMap(({ [id]: value, [reference]: other }) => value === undefined || other === undefined ? [] : [read(value) / read(other)]))
}
