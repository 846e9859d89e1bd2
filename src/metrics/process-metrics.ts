import { readdirSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { buildGauge } from './text-format.ts'
import type { Metric } from './text-format.ts'

/**
 * What the process uses, under the names that every Prometheus client has, and which version it is.
 *
 * @param descriptorFolder has a file for each open descriptor; only Linux has such a folder.
 */
export function measureProcess (version: string, descriptorFolder = '/proc/self/fd'): Metric[] {
  const { user, system } = process.cpuUsage()
  const descriptors = countFiles(descriptorFolder)
  return [
    buildGauge('matrix_well_known_build_info', 'The version of this program and of Node.', 1, {
      version,
      node_version: process.versions.node
    }),
    {
      name: 'process_cpu_seconds_total',
      help: 'User and system CPU time.',
      type: 'counter',
      samples: [{ value: (user + system) / 1e6 }]
    },
    buildGauge('process_resident_memory_bytes', 'Resident memory.', process.memoryUsage.rss()),
    buildGauge('process_start_time_seconds', 'Start of the process in Unix time.', performance.timeOrigin / 1000),
    ...descriptors === undefined ? [] : [buildGauge('process_open_fds', 'Open file descriptors.', descriptors)]
  ]
}

/** Undefined if there is no such folder. */
function countFiles (folder: string): number | undefined {
  try {
    // While the folder is read, it is open, too.
    return readdirSync(folder).length - 1
  } catch {
    return undefined
  }
}
