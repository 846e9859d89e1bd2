import { lstatSync, mkdirSync, rmdirSync, unlinkSync } from 'node:fs'
import { createConnection } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long another process may hold the lock, in milliseconds. It needs a few. */
const lockTimeout = 2_000

/**
 * Removes the socket that a killed process has left at a path, and listens there. Processes that start at the same time
 * do so one after the other, because to a second one, the socket of a first that doesn't listen yet looks stale.
 *
 * @param listen fails with EADDRINUSE if something is at the path.
 */
export async function replaceStaleSocket (path: string, listen: () => Promise<void>): Promise<void> {
  const lock = `${path}.lock`
  await acquire(lock)
  try {
    if (await isStale(path)) unlinkSync(path)
    await listen()
  } finally {
    rmdirSync(lock)
  }
}

/** Creates a directory, which at most one process can do. One that was killed meanwhile leaves it behind. */
async function acquire (lock: string): Promise<void> {
  const end = performance.now() + lockTimeout
  while (!tryMakeDirectory(lock)) {
    if (performance.now() > end) return
    await sleep(10)
  }
}

function tryMakeDirectory (path: string): boolean {
  try {
    mkdirSync(path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** Whether there is a socket that no process listens on. */
async function isStale (path: string): Promise<boolean> {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() !== true) return false
  return await new Promise(resolve => {
    const connection = createConnection(path)
    connection.once('connect', () => { connection.destroy(); resolve(false) })
    connection.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'))
  })
}
