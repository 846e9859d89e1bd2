import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'

const debianPackages = { wrk: 'wrk', taskset: 'util-linux', mkfifo: 'coreutils' } as const

/** What this machine lacks for the benchmark, and where it is from. */
export function findLacks (): string[] {
  const lacks = Object.entries(debianPackages)
    .filter(([command]) => spawnSync(command, ['--version']).error !== undefined)
    .map(([command, debianPackage]) => `${command} is not installed: apt-get install --no-install-recommends ${debianPackage}`)
  return cpus().length < 2 ? [...lacks, 'there is one core: the servers and the load want one each'] : lacks
}
