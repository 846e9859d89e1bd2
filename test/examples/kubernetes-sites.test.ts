import {
  cpSync, mkdirSync, readFileSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { Test } from 'tap'
import { loadSiteFile } from '../../src/config/sites/site-file.ts'
import { portOf, startCli } from '../support/cli.ts'
import { requestAll } from '../support/http.ts'
import { buildKustomization, findManifest, findManifests, findTypeFaults } from '../support/kustomize.ts'
import type { Manifest } from '../support/kustomize.ts'

const examples = fileURLToPath(new URL('../../examples/kubernetes', import.meta.url))
const manifests = await buildKustomization(join(examples, 'sites'))
const configMaps = findManifests(manifests, 'ConfigMap')
const settings = configMaps.find(({ data }) => data?.SITES_DIR !== undefined)?.data ?? {}
const siteMaps = configMaps.filter(({ data }) => data?.SITES_DIR === undefined)
const sites = Object.assign({}, ...siteMaps.map(({ data }) => data)) as Record<string, string>
const pod = findManifest(manifests, 'Deployment').spec?.template.spec

/** Puts files into a folder as kubelet does: each version in a folder of its own, to which `..data` leads. */
function publish (folder: string, version: number, files: Readonly<Record<string, string>>): void {
  const name = `..2026_11_26_12_00_00.${version}`
  mkdirSync(join(folder, name))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), text)
  const before = readdirSync(folder).includes('..data') ? readlinkSync(join(folder, '..data')) : undefined
  symlinkSync(name, join(folder, '..data_tmp'))
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
  const present = readdirSync(folder).filter(file => !file.startsWith('..'))
  for (const file of Object.keys(files).filter(file => !present.includes(file))) {
    symlinkSync(`..data/${file}`, join(folder, file))
  }
  for (const file of present.filter(file => files[file] === undefined)) rmSync(join(folder, file))
  if (before !== undefined) rmSync(join(folder, before), { recursive: true })
}

t.test('the example matches the types of the API', async t => {
  t.strictSame(findTypeFaults(manifests), [])
})

t.test('two pods mount all sites as the folder that they serve, in a way that is updated', async t => {
  t.equal(findManifest(manifests, 'Deployment').spec?.replicas, 2)
  t.strictSame(Object.keys(settings), ['SITES_DIR'])
  const settingsMap = configMaps.find(({ data }) => data === settings)?.metadata?.name
  const [container] = pod?.containers ?? []
  t.strictSame(container?.envFrom, [{ configMapRef: { name: settingsMap } }])
  t.match(settingsMap, /-\w{10}$/, 'its name changes with its content, so that the pods are replaced')
  const mount = { name: 'sites', mountPath: settings.SITES_DIR, readOnly: true }
  t.strictSame(container?.volumeMounts, [mount], 'no subPath')
  const sources = siteMaps.map(({ metadata }) => ({ configMap: { name: metadata?.name } }))
  t.ok(sources.length > 1)
  t.strictSame(pod?.volumes, [{ name: 'sites', projected: { sources } }])
  for (const { metadata } of siteMaps) t.notMatch(metadata?.name, /-\w{10}$/, 'the same name with other content')
  const keys = siteMaps.flatMap(({ data = {} }) => Object.keys(data))
  t.strictSame(keys.toSorted(), Object.keys(sites).toSorted(), 'no file is in two ConfigMaps')
})

t.test('the files are valid, and the HTTPRoute has every host', async t => {
  const folder = t.testdir(sites)
  const hosts = Object.keys(sites).flatMap(name => {
    const { config, faults, warnings } = loadSiteFile(join(folder, name))
    t.strictSame([faults, warnings], [[], []], name)
    t.equal(`${config?.site.serverName}.env`, name)
    return [config?.site.serverName, ...config?.site.hostAliases ?? []]
  })
  const { hostnames, rules } = findManifest(manifests, 'HTTPRoute').spec
  t.strictSame(hostnames, hosts)
  t.match(rules, [{ backendRefs: [{ name: findManifest(manifests, 'Service').metadata?.name }] }])
})

t.test('an Ingress has every host, and the monitor mounts the sites, too', async t => {
  const copy = t.testdir()
  cpSync(examples, copy, { recursive: true })
  const file = join(copy, 'sites/kustomization.yaml')
  const text = readFileSync(file, 'utf8')
  const buildOver = async (base: string): Promise<Manifest[]> => {
    writeFileSync(file, text.replace('- ../gateway', `- ../${base}`))
    return await buildKustomization(join(copy, 'sites'))
  }
  const ingress = await buildOver('ingress')
  t.strictSame(findTypeFaults(ingress), [])
  const { rules, tls } = findManifest(ingress, 'Ingress').spec ?? {}
  const hosts = findManifest(manifests, 'HTTPRoute').spec.hostnames
  const backend = { service: { name: 'matrix-well-known-sites', port: { name: 'http' } } }
  const http = { paths: [{ path: '/.well-known/matrix', pathType: 'Prefix', backend }] }
  t.strictSame(rules, hosts?.map(host => ({ host, http })))
  t.strictSame(tls?.flatMap(({ hosts }) => hosts), hosts)

  const withMonitor = await buildOver('monitor')
  t.strictSame(findTypeFaults(withMonitor), [])
  const deployments = findManifests(withMonitor, 'Deployment')
  t.strictSame(deployments.map(({ metadata }) => metadata?.name).sort(),
    ['matrix-well-known-monitor-sites', 'matrix-well-known-sites'])
  for (const { spec } of deployments) {
    const [container] = spec?.template.spec?.containers ?? []
    t.strictSame(container?.envFrom, pod?.containers[0]?.envFrom)
    t.strictSame(container?.volumeMounts, pod?.containers[0]?.volumeMounts)
    t.strictSame(spec?.template.spec?.volumes, pod?.volumes)
  }
})

async function readServer (port: number, host: string): Promise<unknown> {
  const lines = ['GET /.well-known/matrix/server HTTP/1.1', `Host: ${host}`, 'Connection: close', '', '']
  const [response] = await requestAll(port, lines.join('\r\n'))
  return response?.status === 200 ? JSON.parse(response.body)['m.server'] : response?.status
}

async function readServers (t: Test, port: number, expected: Readonly<Record<string, string | number>>): Promise<void> {
  for (const [host, server] of Object.entries(expected)) t.equal(await readServer(port, host), server, host)
}

t.test('changed ConfigMaps are served without a restart, and a fault keeps the last good version', async t => {
  const cwd = t.testdir({ sites: {} })
  const folder = join(cwd, 'sites')
  publish(folder, 1, sites)
  const environment = { SITES_DIR: folder, SITES_RELOAD_SECONDS: '1', HOST: '127.0.0.1', PORT: '0' }
  const cli = startCli(t, ['serve'], environment, { cwd })
  const port = await portOf(cli)
  await readServers(t, port, {
    'example.com': 'matrix.example.com:443',
    'example.net': 'matrix.example.com:443',
    'example.org': 'synapse.example.org:443',
    'www.example.org': 'synapse.example.org:443',
    'example.edu': 404
  })
  const { 'example.net.env': removed, ...others } = sites
  t.ok(removed)
  const changed = {
    ...others,
    'example.com.env': 'SERVER_NAME=example.com\nM_SERVER=new.example.com:443\n',
    'example.edu.env': 'SERVER_NAME=example.edu\n'
  }
  publish(folder, 2, changed)
  await cli.lineWith('1 added, 1 changed, 1 removed, 0 faulty')
  const served = {
    'example.com': 'new.example.com:443',
    'example.net': 404,
    'example.org': 'synapse.example.org:443',
    'example.edu': 'example.edu:443'
  }
  await readServers(t, port, served)
  publish(folder, 3, { ...changed, 'example.com.env': 'SERVER_NAME=example.com\nM_SERVER=https://newer.example.com\n' })
  t.match(await cli.lineWith('M_SERVER is'), 'example.com.env')
  await readServers(t, port, served)
  publish(folder, 4, { ...changed, 'example.com.env': 'SERVER_NAME=example.com\nM_SERVER=newer.example.com:443\n' })
  await cli.lineWith('0 added, 1 changed, 0 removed, 0 faulty')
  await readServers(t, port, { ...served, 'example.com': 'newer.example.com:443' })
  cli.kill('SIGTERM')
  t.equal(await cli.ended, 0)
})
