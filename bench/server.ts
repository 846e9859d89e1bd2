import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Peer } from './peer.ts'
import { path } from './settings.ts'

/** A server that runs, on a core of its own. */
export interface Server {
  readonly peer: Peer
  readonly pid: number
  readonly port: number
  /** From its start to its first 200, in milliseconds. */
  readonly startTime: number
  stop (): Promise<void>
}

/** For the servers; the load and all else is on the other. */
export const serverCore = 0
export const loadCore = 1

/** To the first 200, in milliseconds. */
const patience = 20_000

/** What has to go when the benchmark ends before its time. */
const running = new Map<ChildProcess, string>()
process.once('exit', () => {
  for (const child of running.keys()) child.kill()
  for (const directory of running.values()) rmSync(directory, { recursive: true, force: true, maxRetries: 10 })
})

/** @throws {Error} when it does not answer in time. */
export async function startServer (peer: Peer): Promise<Server> {
  const directory = mkdtempSync(join(tmpdir(), 'matrix-well-known-bench-'))
  // Apache's worker is another user.
  chmodSync(directory, 0o755)
  const port = await findPort()
  const { command, args, environment, output } = peer.launch({ directory, port })
  const { fd, reader } = openOutput(directory, output)
  const errors = join(directory, 'errors')
  const errorFd = openSync(errors, 'w')
  const start = performance.now()
  const child = spawn('taskset', ['-c', String(serverCore), command, ...args], {
    // Where there is no .env. None of this machine's settings reach a server: a NODE_OPTIONS would.
    cwd: directory,
    env: { PATH: `${process.env.PATH}:/usr/sbin`, ...environment },
    stdio: ['ignore', fd ?? 'ignore', errorFd]
  })
  running.set(child, directory)
  closeSync(errorFd)
  if (fd !== undefined) closeSync(fd)
  try {
    await firstAnswer(port, child, start + patience)
  } catch (error) {
    const text = readFileSync(errors, 'utf8')
    await stop()
    throw new Error(`${peer.name} does not answer: ${(error as Error).message}\n${text}`)
  }
  const { pid } = child
  if (pid === undefined) throw new Error(`${command} has not started`)
  return { peer, pid, port, startTime: performance.now() - start, stop }

  async function stop (): Promise<void> {
    await end(child)
    // It reads to the end of what the server wrote.
    if (reader !== undefined && reader.exitCode === null) await once(reader, 'exit')
    running.delete(child)
    rmSync(directory, { recursive: true })
  }
}

async function end (child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill()
  const impatience = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await exited
  clearTimeout(impatience)
}

/** Opens what standard output goes to: a file, or a pipe with a reader on the other core. */
function openOutput (directory: string, output: 'pipe' | 'file' | undefined): { fd?: number, reader?: ChildProcess } {
  if (output === undefined) return {}
  const log = join(directory, 'log')
  if (output === 'file') return { fd: openSync(log, 'w') }
  execFileSync('mkfifo', [log])
  const reader = spawn('taskset', ['-c', String(loadCore), 'cat', log], { stdio: ['ignore', 'ignore', 'inherit'] })
  return { fd: openSync(log, 'w'), reader }
}

async function firstAnswer (port: number, child: ChildProcess, deadline: number): Promise<void> {
  while (!await answers(port)) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`)
    if (performance.now() > deadline) throw new Error(`there is no 200 after ${patience} ms`)
    await sleep(1)
  }
}

async function answers (port: number): Promise<boolean> {
  return await new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n`))
    socket.once('data', data => {
      resolve(data.toString('latin1').startsWith('HTTP/1.1 200 '))
      socket.destroy()
    })
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
}

export async function findPort (): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
