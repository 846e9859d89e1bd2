import { newest } from './nodes.ts'
import type { Role } from './peer.ts'
import { ratio } from './results.ts'
import type { Part, Results } from './results.ts'
import type { Load } from './wrk.ts'

/** What the sidecar is held to. */
export interface Bar {
  readonly text: string
  readonly wanted: { readonly atLeast: number } | { readonly atMost: number }
  /** Undefined where it was not measured. */
  readonly measured: number | undefined
}

export function isHeld ({ wanted, measured }: Bar): boolean | undefined {
  if (measured === undefined) return undefined
  return 'atLeast' in wanted ? measured >= wanted.atLeast : measured <= wanted.atMost
}

const sidecars: ReadonlyArray<readonly [role: Role, name: string]> = [['ours', 'as installed'], ['image', 'as the image runs it']]

export function judge ({ throughput, start, memory }: Results): Bar[] {
  return [
    ...throughput === undefined ? [] : judgeThroughput(throughput),
    ...memory === undefined ? [] : judgeMemory(memory),
    ...start === undefined ? [] : judgeStart(start)
  ]
}

function judgeThroughput (part: Part<Load>): Bar[] {
  const speed = ({ requestsPerSecond }: Load): number => requestsPerSecond
  const bars: Bar[] = []
  for (const node of nodesOf(part)) {
    for (const [role, name] of sidecars) {
      const id = find(part, role, node)
      const raw = find(part, 'raw', node)
      bars.push(
        { text: `requests/s ÷ bare node:http, Node ${node}, ${name}`, wanted: { atLeast: 0.95 }, measured: compare(part, id, raw, speed) },
        { text: `p99 ÷ bare node:http, Node ${node}, ${name} (no worse, within 5 %)`, wanted: { atMost: 1.05 }, measured: compare(part, id, raw, ({ p99 }) => p99) }
      )
    }
  }
  for (const [role, name] of sidecars) {
    for (const [peer, id, least] of [['Caddy', 'caddy', 1.3], ['Twisted', 'python3-twisted', 4]] as const) {
      bars.push({ text: `requests/s ÷ ${peer}, Node ${newest}, ${name}`, wanted: { atLeast: least }, measured: compare(part, find(part, role, newest), id, speed) })
    }
  }
  for (const node of nodesOf(part)) {
    for (const [role, name] of [['log-pipe', 'a pipe'], ['log-file', 'a file']] as const) {
      const id = find(part, role, node)
      if (id === undefined) continue
      const left = compare(part, id, find(part, 'ours', node), speed)
      bars.push({ text: `cost of LOG_REQUESTS into ${name}, Node ${node}`, wanted: { atMost: 0.35 }, measured: left === undefined ? undefined : 1 - left })
    }
  }
  return bars
}

function judgeMemory (part: NonNullable<Results['memory']>): Bar[] {
  return nodesOf(part).flatMap(node => {
    const image = find(part, 'image', node)
    const loaded = part.loaded[image ?? '']
    return [
      { text: `memory at rest ÷ bare node:http, Node ${node}`, wanted: { atMost: 1.3 }, measured: compare(part, image, find(part, 'raw', node), size => size) },
      { text: `memory after ${part.load} s of load ÷ at rest, Node ${node}`, wanted: { atMost: 1.3 }, measured: loaded === undefined ? undefined : loaded.loaded / loaded.rest }
    ]
  })
}

function judgeStart (part: Part<number>): Bar[] {
  return nodesOf(part).flatMap(node => {
    const image = find(part, 'image', node)
    return [
      { text: `start to the first 200 ÷ bare node:http, Node ${node}`, wanted: { atMost: 2.5 }, measured: compare(part, image, find(part, 'raw', node), time => time) },
      { text: `start to the first 200 ÷ Twisted, Node ${node}`, wanted: { atMost: 1 }, measured: compare(part, image, 'python3-twisted', time => time) }
    ]
  })
}

/** The median, or undefined where one of the two was not measured. */
function compare<Value> (part: Part<Value>, id: string | undefined, reference: string | undefined, read: (value: Value) => number): number | undefined {
  if (id === undefined || reference === undefined) return undefined
  const { median } = ratio(part, id, reference, read)
  return Number.isNaN(median) ? undefined : median
}

function find ({ subjects }: Pick<Part<unknown>, 'subjects'>, role: Role, node: number): string | undefined {
  return subjects.find(subject => subject.role === role && subject.node === node)?.id
}

function nodesOf ({ subjects }: Pick<Part<unknown>, 'subjects'>): number[] {
  return [...new Set(subjects.flatMap(({ node }) => node ?? []))]
}
