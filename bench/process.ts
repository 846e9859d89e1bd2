import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Lab } from './report.ts'

/** How to start a server, which has to be a single process. */
export interface Launch {
  readonly command: string
  readonly args: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Whether it loads `observe.cjs`. */
  readonly isObserved?: boolean
}

/** What a server gets: an empty directory, and a free port of 127.0.0.1. */
export interface Place {
  readonly directory: string
  readonly port: number
}

export interface Server {
  readonly pid: number
  readonly url: string
  /** From the start of the process to the first 200, and the CPU time it took, in milliseconds. */
  readonly startTime: number
  readonly startCpu: number
  /** The file with its standard output. */
  readonly output: string
  /** The response of `observe.cjs` to a question. */
  ask (question: 'heap' | 'watchTurns' | 'longestTurn'): Promise<number>
  stop (): Promise<void>
}

export const path = '/.well-known/matrix/server'
export const connections = 64
/** In milliseconds. */
const maxStartTime = 60_000

/**
 * Starts a server on the first core; the load and this process use the second.
 *
 * @throws {Error} if it doesn't respond with 200 in time; the message has its standard error.
 */
export async function startServer (launch: (place: Place) => Launch, lab: Lab): Promise<Server> {
  const directory = mkdtempSync(join(lab.directory, 'server-'))
  const port = await findPort()
  const { command, args, environment, isObserved = false } = launch({ directory, port })
  const files = ['output', 'errors'].map(name => openSync(join(directory, name), 'w'))
  const started = performance.now()
  const child = spawn('taskset', ['-c', '0', command, ...args], {
    // An empty directory has no .env. A NODE_OPTIONS of this shell must not reach the server either.
    cwd: directory,
    env: { PATH: `${process.env.PATH}:/usr/sbin`, ...environment },
    stdio: ['ignore', ...files, ...isObserved ? ['ipc' as const] : []],
    signal: lab.signal,
    killSignal: 'SIGKILL'
  })
  for (const file of files) closeSync(file)
  const exited = once(child, 'exit')
  const url = `http://127.0.0.1:${port}${path}`
  while (!await fetch(url).then(({ status }) => status === 200, () => false)) {
    const late = performance.now() - started > maxStartTime
    if (late || child.exitCode !== null || child.signalCode !== null) {
      const fault = late ? `no 200 within ${maxStartTime} ms` : 'exited before the first 200'
      throw new Error(`${command} ${args.join(' ')}: ${fault}\n${readFileSync(join(directory, 'errors'), 'utf8')}`)
    }
    await sleep(1)
  }
  const startTime = performance.now() - started
  const { pid = NaN } = child
  return {
    pid,
    url,
    startTime,
    startCpu: readCpuTime(pid) / 1000,
    output: join(directory, 'output'),
    async ask (question) {
      child.send(question)
      const [response] = await once(child, 'message')
      return Number(response)
    },
    async stop () {
      child.kill('SIGKILL')
      await exited
      rmSync(directory, { recursive: true })
    }
  }
}

/** Another script for wrk, and its variables. */
interface LoadOptions {
  readonly script?: string
  readonly environment?: Readonly<Record<string, string>>
}

/**
 * Sends requests as fast as the server responds, for some seconds.
 *
 * @returns requests per second, p99 in milliseconds, CPU time per request in microseconds.
 * @throws {Error} if a response isn't 2xx or 3xx, or a connection fails.
 */
export async function load (
  { pid, url }: Server, seconds: number, { script = 'wrk.lua', environment = {} }: LoadOptions = {}
): Promise<Record<'speed' | 'p99' | 'cpu', number>> {
  const before = readCpuTime(pid)
  const wrk = ['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '-s', join(import.meta.dirname, script), url]
  const env = { ...process.env, ...environment, REPORT: join(import.meta.dirname, 'wrk.lua') }
  const { stdout } = await promisify(execFile)('taskset', ['-c', '1', ...wrk], { env })
  const cpu = readCpuTime(pid) - before
  const [requests = 0, duration = 0, p99 = 0, errors = 0] = stdout.split('RESULT ')[1]?.split(' ').map(Number) ?? []
  if (requests === 0 || errors > 0) throw new Error(`${errors} errors in ${requests} requests\n${stdout}`)
  return { speed: requests / duration * 1e6, p99: p99 / 1000, cpu: cpu / requests }
}

/** The CPU time of all threads, in microseconds. */
export function readCpuTime (pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .map(task => parseInt(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8')) / 1000)
    .reduce((sum, time) => sum + time, 0)
}

/** The memory of a process in MB, with its share of what it has in common with others (PSS). */
export function readMemory (pid: number): number {
  const [, kilobytes] = /^Pss: +(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? []
  return Number(kilobytes) * 1024 / 1e6
}

export async function findPort (): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
