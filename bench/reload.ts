import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { readCpuTime } from './process.ts'
import type { Server } from './process.ts'

/** In milliseconds. */
const step = 20

export interface ReloadCosts {
  /** CPU time to find and load one changed file, in milliseconds. */
  readonly cpu: number
  /** The longest turn of the event loop meanwhile, as CPU time in milliseconds: a request may have to wait for it. */
  readonly longestTurn: number
}

/** Changes a file twice: once for the CPU time, and once for the turns, because observing them takes CPU time. */
export async function measureReload (server: Server, file: string): Promise<ReloadCosts> {
  const settings = readFileSync(file, 'utf8')
  const cpu = await measureLook(server, () => writeFileSync(file, `${settings}CACHE_MAX_AGE=600\n`))
  await server.ask('watchTurns')
  await measureLook(server, () => writeFileSync(file, `${settings}CACHE_MAX_AGE=700\n`))
  return { cpu, longestTurn: await server.ask('longestTurn') / 1000 }
}

/**
 * The share of a core that looking for changes takes: CPU time from the end of a look to the end of the next one.
 *
 * @param interval between looks at least, in milliseconds.
 */
export async function measureWatching (server: Server, interval: number): Promise<number> {
  const look = await measureLook(server, () => {})
  const started = performance.now()
  const before = readCpuTime(server.pid)
  // The next look is over when most of its CPU time has been used, and no more is.
  const deadline = started + 2 * interval + 1_000 * look
  let used = 0
  for (let isOver = false; !isOver && performance.now() < deadline;) {
    await sleep(10 * step)
    const now = (readCpuTime(server.pid) - before) / 1000
    isOver = performance.now() - started >= interval && now > look / 2 && now - used < 1
    used = now
  }
  return used / (performance.now() - started)
}

/** The CPU time of one look for changes after SIGHUP, until it is logged, in milliseconds. */
async function measureLook ({ pid, output }: Server, change: () => void): Promise<number> {
  const countReloads = (): number => readFileSync(output, 'utf8').split('"msg":"reloaded ').length
  const count = countReloads()
  change()
  const before = readCpuTime(pid)
  process.kill(pid, 'SIGHUP')
  while (countReloads() === count) await sleep(step)
  return (readCpuTime(pid) - before) / 1000
}
