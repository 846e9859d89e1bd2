import { execFile, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import type { Test } from 'tap'

export const image = 'matrix-well-known:test'

/** As in docker-compose.yml, with less memory. */
export const hardening = [
  '--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges', '--pids-limit=64',
  '--memory=64m', '--memory-swap=64m'
]

/** Runs the docker command and returns what it prints; a command that takes longer than five minutes fails. */
export async function docker (...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('docker', args, { timeout: 300_000 })
  return stdout.trim()
}

export interface Container {
  readonly id: string
  readonly url: string
}

/** Starts the image, hardened, with these settings; it is removed after the test. */
export async function startContainer (
  t: Test, settings: Readonly<Record<string, string>>, options: string[] = []
): Promise<Container> {
  const variables = Object.entries(settings).map(([name, value]) => `--env=${name}=${value}`)
  const id = await docker('run', '--detach', '--publish=127.0.0.1::8080', ...hardening, ...variables, ...options, image)
  t.teardown(() => docker('rm', '--force', '--volumes', id))
  const url = `http://${await docker('port', id, '8080/tcp')}`
  await waitForLine(t, ['logs', '--follow', id], /"msg":"serving /)
  return { id, url }
}

/** Waits for a matching line of a docker command that keeps running. Fails if it exits first, or after five minutes. */
export async function waitForLine (t: Test, args: string[], pattern: RegExp): Promise<string> {
  const following = spawn('docker', args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: 300_000 })
  t.teardown(() => following.kill())
  for await (const line of createInterface(following.stdout)) {
    if (!pattern.test(line)) continue
    following.kill()
    return line
  }
  throw new Error(`docker ${args.join(' ')} ended without ${pattern}`)
}

/** Waits until Docker reports this health of a container. */
export async function waitForHealth (t: Test, id: string, health: 'healthy' | 'unhealthy'): Promise<void> {
  const events = ['events', '--since=0', `--filter=container=${id}`, '--filter=event=health_status']
  await waitForLine(t, events, new RegExp(`health_status: ${health} `))
}

/** Evaluates JavaScript in a container, which has Node but no shell, and returns what it prints. */
export async function evaluate (id: string, script: string): Promise<string> {
  return await docker('exec', id, 'node', '--print', script)
}
