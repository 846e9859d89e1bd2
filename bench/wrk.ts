import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readCpuTime } from './process.ts'
import { loadCore } from './server.ts'
import type { Server } from './server.ts'
import { path } from './settings.ts'

export const connections = 64

/** What a server did under load. Times are in microseconds. */
export interface Load {
  readonly requestsPerSecond: number
  readonly p50: number
  readonly p99: number
  readonly cpuPerRequest: number
  /** Connections that failed, or were cut. */
  readonly cut: number
}

/**
 * Asks a server as fast as it answers, for this many seconds.
 *
 * @throws {Error} when an answer is not 2xx or 3xx, or there is none.
 */
export async function load ({ peer, pid, port }: Server, seconds: number): Promise<Load> {
  const before = readCpuTime(pid)
  const { stdout } = await promisify(execFile)('taskset', [
    '-c', String(loadCore), 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--latency',
    '-s', join(import.meta.dirname, 'wrk.lua'), `http://127.0.0.1:${port}${path}`
  ])
  const cpu = readCpuTime(pid) - before
  const { requests, duration, p50, p99, refused, cut } = JSON.parse(/^JSON (.*)$/m.exec(stdout)?.[1] ?? '') as Record<'requests' | 'duration' | 'p50' | 'p99' | 'refused' | 'cut', number>
  if (refused > 0 || requests === 0) throw new Error(`${peer.name}: ${refused} errors in ${requests} requests\n${stdout}`)
  return { requestsPerSecond: requests / duration * 1e6, p50, p99, cpuPerRequest: cpu / requests, cut }
}
