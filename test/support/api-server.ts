import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { cli } from './cli.ts'
import { findFreePorts } from './free-ports.ts'

const programs = process.env.API_SERVER ?? ''

/** Reaches a cluster without nodes and controllers, in which objects are only stored. */
export interface Cluster {
  /** Runs kubectl, and returns what it prints. A warning of the API server is an error. */
  readonly kubectl: (args: readonly string[], input?: string) => Promise<string>
  /** Runs a command of bash in a folder, with kubectl and matrix-well-known on its PATH. */
  readonly run: (command: string, cwd: string) => Promise<string>
}

/** Starts etcd and the API server that .ci/api-server has built, whose folder API_SERVER names. */
export async function startCluster (t: Test): Promise<Cluster> {
  const folder = t.testdir()
  const [etcdPort, peerPort, port] = await findFreePorts()
  const etcd = `http://127.0.0.1:${etcdPort}`
  const peer = `http://127.0.0.1:${peerPort}`
  start(t, 'etcd', [
    `--data-dir=${folder}/etcd`, `--listen-client-urls=${etcd}`, `--advertise-client-urls=${etcd}`,
    `--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`, `--initial-cluster=default=${peer}`
  ])
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  writeFileSync(`${folder}/accounts.pub`, publicKey.export({ type: 'spki', format: 'pem' }))
  writeFileSync(`${folder}/accounts.key`, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  writeFileSync(`${folder}/tokens.csv`, 'secret,admin,admin,system:masters\n')
  start(t, `${programs}/kube-apiserver`, [
    `--etcd-servers=${etcd}`, '--bind-address=127.0.0.1', `--secure-port=${port}`, `--cert-dir=${folder}/certificates`,
    '--endpoint-reconciler-type=none', '--service-cluster-ip-range=10.0.0.0/24', '--authorization-mode=RBAC',
    `--token-auth-file=${folder}/tokens.csv`, '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${folder}/accounts.pub`, `--service-account-signing-key-file=${folder}/accounts.key`
  ])
  const config = `${folder}/config`
  writeFileSync(config, describeCluster(port))
  mkdirSync(`${folder}/bin`)
  const command = `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`
  writeFileSync(`${folder}/bin/matrix-well-known`, command, { mode: 0o755 })
  const env = { ...process.env, KUBECONFIG: config, PATH: `${programs}:${folder}/bin:${process.env.PATH}` }
  const run: Cluster['run'] = async (command, cwd) =>
    (await promisify(execFile)('bash', ['-ec', command], { cwd, env, timeout: 300_000 })).stdout
  const kubectl: Cluster['kubectl'] = async (args, input) => {
    const child = promisify(execFile)('kubectl', ['--warnings-as-errors', ...args], { env, timeout: 300_000 })
    child.child.stdin?.end(input)
    return (await child).stdout
  }
  while (await kubectl(['get', '--raw=/readyz']).catch(() => '') !== 'ok') await sleep(200)
  return { kubectl, run }
}

function start (t: Test, program: string, args: readonly string[]): void {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => { log = (log + chunk.toString()).slice(-4_000) })
  let stopping = false
  child.on('exit', status => { if (!stopping) t.fail(`${program} ended with ${status}`, { log }) })
  t.teardown(async () => {
    stopping = true
    await stop(child)
  })
}

async function stop (child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

function describeCluster (port: number): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{
      name: 'test',
      cluster: { server: `https://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true }
    }],
    users: [{ name: 'admin', user: { token: 'secret' } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
    'current-context': 'test'
  })
}
