import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

/** What was measured where: a line. */
export function describeMachine (): string {
  const [, system = 'Linux'] = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8')) ?? []
  const wrk = /\d+\.\d+\.\d+/.exec(spawnSync('wrk', ['-v'], { encoding: 'utf8' }).stdout)?.[0] ?? '?'
  return `${cpus().length} cores of ${cpus()[0]?.model ?? 'an unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${system}, kernel ${release()}, wrk ${wrk}`
}

/** The share of all cores' time that is used while this process does nothing. */
export async function measureBusy (): Promise<number> {
  const before = readTimes()
  await sleep(3000)
  const after = readTimes()
  return 1 - (after.idle - before.idle) / (after.all - before.all)
}

function readTimes (): { idle: number, all: number } {
  const times = cpus().map(cpu => cpu.times)
  const sum = (values: number[]): number => values.reduce((left, right) => left + right, 0)
  return { idle: sum(times.map(({ idle }) => idle)), all: sum(times.flatMap(time => Object.values(time))) }
}
