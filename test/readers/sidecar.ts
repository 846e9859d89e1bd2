import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { startCli } from '../support/cli.ts'

/** The exit status for wrong settings. */
const configurationError = 78

/** Resolves with what a sidecar wrote when it refused its settings; undefined if it serves them on this Unix socket. */
export async function startSidecar (
  t: Test, settings: Readonly<Record<string, string>>, socket: string
): Promise<string | undefined> {
  // Without a .env.
  const cwd = join(socket, '../empty')
  mkdirSync(cwd, { recursive: true })
  const running = startCli(t, ['serve'], { ...settings, HOST: `unix:${socket}` }, { cwd, measured: false })
  const serving = running.lineWith('serving the well-known documents').then(() => undefined)
  // It ends when the test does, too.
  serving.catch(() => {})
  const status = await Promise.race([serving, running.ended])
  if (status === undefined) return undefined
  if (status === configurationError) return running.output.stderr + running.output.stdout
  throw new Error(`exit status ${status} with ${JSON.stringify(settings)}:\n${running.output.stderr}`)
}
