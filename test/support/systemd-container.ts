import { execFile } from 'node:child_process'
import { copyFile, rename } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { docker } from './container.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const tag = 'matrix-well-known-systemd:test'

export interface Machine {
  /** Runs a command of bash as root, and returns what it prints. One that takes longer than ten minutes fails. */
  readonly run: (command: string) => Promise<string>
  /** A property of the unit, as systemctl shows it. */
  readonly show: (property: string) => Promise<string>
}

/** Starts Debian with systemd as its first process, offline, with the repository in /repository. */
export async function startMachine (t: Test): Promise<Machine> {
  const context = t.testdir()
  const run = promisify(execFile)
  const pack = ['pack', '--silent', '--ignore-scripts', '--pack-destination', context]
  const { stdout } = await run('npm', pack, { cwd: root })
  await rename(`${context}/${stdout.trim()}`, `${context}/matrix-well-known.tgz`)
  await copyFile(`${root}test/container/systemd/Dockerfile`, `${context}/Dockerfile`)
  await run('docker', ['build', '--network=host', `--tag=${tag}`, context], { timeout: 600_000 })
  const id = await docker('run', '--detach', '--privileged', '--network=none', '--tmpfs=/run', '--tmpfs=/run/lock',
    // systemd creates a cgroup for each unit.
    '--cgroupns=host', '--volume=/sys/fs/cgroup:/sys/fs/cgroup:rw', `--volume=${root}:/repository:ro`, tag)
  t.teardown(() => docker('rm', '--force', '--volumes', id))
  const exec = async (command: string): Promise<string> => {
    const args = ['exec', `--env=HOSTILE=${process.env.HOSTILE ?? 'short'}`, id, 'bash', '-ec', command]
    return (await run('docker', args, { timeout: 600_000 })).stdout.trimEnd()
  }
  // As soon as systemd can be reached, it says when it has started.
  await exec('until state=$(systemctl is-system-running --wait) || [ "$state" = degraded ]; do sleep 0.1; done')
  return { run: exec, show: property => exec(`systemctl show --value --property=${property} matrix-well-known`) }
}
