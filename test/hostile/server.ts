import { readFileSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { imageArguments, readImage } from '../../bench/image.ts'
import { cli, portOf, startProcess } from '../support/cli.ts'
import type { RunningCli } from '../support/cli.ts'

export const settings = {
  SERVER_NAME: 'example.com',
  M_SERVER: 'matrix.example.com:443',
  M_HOMESERVER_BASE_URL: 'https://matrix.example.com',
  HOST: '127.0.0.1',
  PORT: '0'
}
export const serverPath = '/.well-known/matrix/server'
export const serverDocument = '{"m.server":"matrix.example.com:443"}'

/**
 * Starts the built command in its own process, without waiting until it serves.
 *
 * @param before what a shell does first, such as setting limits or redirecting standard output.
 */
export function spawnServer (
  t: Test, environment: Record<string, string> = {}, before = 'exec "$@"', cwd = t.testdir()
): RunningCli {
  return startProcess(t, 'bash', ['-c', before, 'bash', process.execPath, cli], { ...settings, ...environment }, cwd)
}

export interface RunningServer extends RunningCli {
  readonly port: number
}

export async function startServer (
  t: Test, environment: Record<string, string> = {}, before?: string
): Promise<RunningServer> {
  const running = spawnServer(t, environment, before)
  return { ...running, port: await portOf(running) }
}

/** How the image runs the program. */
export const image = readImage()
const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** Starts the program as the image does, with its small heap, and with further options of Node and settings. */
export async function startSmallServer (
  t: Test, options: readonly string[] = [], environment: Record<string, string> = {}
): Promise<RunningServer> {
  // Node 20 doesn't know this option.
  const unknown = Number(process.versions.node.split('.')[0]) < 22 ? ['--disable-sigusr1'] : []
  const known = imageArguments(image, root).filter(word => !unknown.includes(word))
  const words = [...options, ...known].map(word => `'${word}'`)
  return await startServer(t, { NODE_OPTIONS: image.nodeOptions, ...environment }, `exec "$1" ${words.join(' ')}`)
}

/** In MB. */
export function residentMemory (pid: number, field: 'VmRSS' | 'VmHWM' = 'VmRSS'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status) ?? []
  return Number(kilobytes) / 1024
}

export function openDescriptors (pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

/** The processor time that a process has used, in seconds. */
export function processorTime (pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** Repeats an attempt until it succeeds, for this many milliseconds at most. */
export async function eventually<T> (attempt: () => Promise<T>, patience = 200_000): Promise<T> {
  const end = performance.now() + patience
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (performance.now() > end) throw error
      await sleep(50)
    }
  }
}

/** A connection that is closed at the end of the test, and may be reset before. */
export function open (t: Test, port: number): Socket {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  t.teardown(() => socket.destroy())
  return socket
}

export function median (values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN
}
