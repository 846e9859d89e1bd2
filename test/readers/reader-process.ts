import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Scope } from '../support/listen.ts'
import type { Reading } from './reader.ts'

/** A reader in a process of its own, which is started once and given many tasks. */
export interface ReaderProcess {
  perform (task: Readonly<Record<string, unknown>>): Promise<Reading>
}

/** For one task, in milliseconds. */
const timeout = 300_000

/** Starts a program that takes tasks as lines of JSON, and writes an outcome with the same `id` for each. */
export function startReader (
  t: Scope, command: string, args: readonly string[], environment: Record<string, string>
): ReaderProcess {
  const env = { PATH: process.env.PATH, ...environment }
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  t.teardown(() => child.kill())
  // For the message about a process that ends too early.
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => { errors = (errors + chunk.toString()).slice(-10_000) })
  child.stdin.on('error', () => {})
  const waiting = new Map<number, (reading: Reading) => void>()
  createInterface(child.stdout).on('line', line => {
    const { id, ...reading }: Reading & { id: number } = JSON.parse(line)
    waiting.get(id)?.(reading)
    waiting.delete(id)
  })
  let next = 0
  return {
    async perform (task) {
      const id = next++
      return await new Promise((resolve, reject) => {
        const fail = (event: string): void => {
          reject(new Error(`${command} ${event}: ${JSON.stringify(task)}\n${errors}`))
        }
        const ended = (): void => fail('ended before it read')
        if (child.exitCode !== null) ended()
        const patience = setTimeout(() => fail(`took more than ${timeout} ms to read`), timeout)
        child.once('close', ended).setMaxListeners(0)
        waiting.set(id, reading => {
          clearTimeout(patience)
          child.removeListener('close', ended)
          resolve(reading)
        })
        child.stdin.write(`${JSON.stringify({ id, ...task })}\n`)
      })
    }
  }
}
