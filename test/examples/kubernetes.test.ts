import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { parseLiteralEnv } from '../../src/config/literal-env.ts'
import { settingNames } from '../../src/config/settings.ts'
import { limits } from '../../src/server/limits.ts'
import { buildKustomization, findManifest, findManifests, findTypeFaults } from '../support/kustomize.ts'
import type { Manifest } from '../support/kustomize.ts'

const folder = fileURLToPath(new URL('../../examples/kubernetes', import.meta.url))
const build = async (name: string): Promise<Manifest[]> => await buildKustomization(join(folder, name))
const [gateway, ingress, overlay] = await Promise.all([build('gateway'), build('ingress'), build('overlay')])
const [sites, check, monitor] = await Promise.all([build('sites'), build('check'), build('monitor')])

const common = ['ConfigMap', 'Deployment', 'NetworkPolicy', 'PodDisruptionBudget', 'Service']
const examples = [
  { name: 'gateway', manifests: gateway, kinds: [...common, 'HTTPRoute'], host: 'example.com', proxies: 'gateway' },
  { name: 'ingress', manifests: ingress, kinds: [...common, 'Ingress'], host: 'example.com', proxies: 'traefik' },
  { name: 'overlay', manifests: overlay, kinds: [...common, 'HTTPRoute'], host: 'example.org', proxies: 'gateway' }
]

t.test('every example matches the types of the API', async t => {
  for (const { name, manifests, kinds } of examples) {
    t.same(manifests.map(manifest => manifest.kind).sort(), kinds.sort(), name)
  }
  t.same(findTypeFaults([...gateway, ...ingress, ...overlay, ...check, ...monitor]), [])
})

t.test('a misspelled field, a wrong type and an unknown version are found', async t => {
  const mistakes = [
    ['"readOnlyRootFilesystem":', '"readOnlyRootFileSystem":'],
    ['"pathType":', '"pathtype":'],
    ['"replicas":2', '"replicas":"2"'],
    ['"policy/v1"', '"policy/v1beta1"'],
    ['"policyTypes":', '"policyType":'],
    ['"backendRefs":', '"backends":'],
    ['"PathPrefix"', '"Prefix"']
  ] as const
  for (const [right, wrong] of mistakes) {
    const manifest = [...ingress, ...gateway].find(manifest => JSON.stringify(manifest).includes(right))
    const broken: Manifest = JSON.parse(JSON.stringify(manifest).replace(right, wrong))
    t.match(findTypeFaults([broken]), [/^"/], wrong)
  }
})

t.test('the settings are valid and cause no warning; other settings result in another ConfigMap', async t => {
  for (const { name, manifests, host } of examples) {
    const { data = {} } = findManifest(manifests, 'ConfigMap')
    const unknown = Object.keys(data).filter(key => !settingNames.some(setting => setting === key))
    t.same(unknown, [], name)
    const { site, warnings } = loadConfig(data)
    t.equal(site.serverName, host, name)
    t.same(warnings, [], name)
  }
  const names = [gateway, ingress, overlay].map(manifests => findManifest(manifests, 'ConfigMap').metadata?.name)
  t.equal(names[0], names[1])
  t.not(names[0], names[2])
})

t.test('validate reads the settings as kustomize does, and none of them gets into an overlay', async t => {
  const copy = t.testdir()
  cpSync(folder, copy, { recursive: true })
  const text = `SERVER_NAME=example.com
# M_SERVER=a.example
  SUPPORT_PAGE="https://example.com/help" # here
EXTRA_WELL_KNOWN_CLIENT_CONTENT='{"a=b": 1}'
EXTRA_WELL_KNOWN_SUPPORT_CONTENT={"a": "'"} \nCACHE_MAX_AGE=\r
`
  writeFileSync(join(copy, 'base/settings.env'), text)
  const [base, other] = await Promise.all(['gateway', 'overlay'].map(name => buildKustomization(join(copy, name))))
  const { environment, warnings } = parseLiteralEnv(text)
  t.strictSame(findManifest(base ?? [], 'ConfigMap').data, environment)
  t.equal(Object.keys(environment).length, 5)
  t.strictSame(warnings, [])
  t.strictSame(findManifest(other ?? [], 'ConfigMap').data, findManifest(overlay, 'ConfigMap').data)
})

t.test('two pods of this version read the settings, and no update or drain stops both', async t => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  for (const { name, manifests } of examples) {
    const configMap = findManifest(manifests, 'ConfigMap')
    const deployment = findManifest(manifests, 'Deployment')
    t.hasStrict(deployment.spec, { replicas: 2, strategy: { rollingUpdate: { maxUnavailable: 0 } } }, name)
    const containers = deployment.spec?.template.spec?.containers.map(({ image, envFrom }) => ({ image, envFrom }))
    const envFrom = [{ configMapRef: { name: configMap.metadata?.name } }]
    t.same(containers, [{ image: `matrix-well-known:${version}`, envFrom }], name)
    const budget = { maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' }
    t.hasStrict(findManifest(manifests, 'PodDisruptionBudget').spec, budget, name)
  }
})

t.test('every selector matches the pods', async t => {
  for (const { name, manifests } of examples) {
    const { selector, template } = findManifest(manifests, 'Deployment').spec ?? {}
    const labels = template?.metadata?.labels
    t.ok(labels, name)
    t.same(selector, { matchLabels: labels }, name)
    t.same(findManifest(manifests, 'Service').spec?.selector, labels, name)
    t.same(findManifest(manifests, 'PodDisruptionBudget').spec?.selector, { matchLabels: labels }, name)
    t.same(findManifest(manifests, 'NetworkPolicy').spec?.podSelector, { matchLabels: labels }, name)
    t.hasStrict(template?.spec?.topologySpreadConstraints, [{ labelSelector: { matchLabels: labels } }], name)
  }
})

t.test('domains in one namespace have their own objects, and no selector of one matches a pod of another', async t => {
  const copy = t.testdir()
  cpSync(folder, copy, { recursive: true })
  const overlayFile = join(copy, 'overlay/kustomization.yaml')
  const exampleOrg = readFileSync(overlayFile, 'utf8')
  const variants = [
    ['example.net', exampleOrg.replaceAll(/example([.-])org/g, 'example$1net')],
    ['example.edu', exampleOrg.replaceAll(/example([.-])org/g, 'example$1edu').replace('- ../gateway', '- ../ingress')]
  ] as const
  const domains = [
    { domain: 'example.com', manifests: gateway },
    { domain: 'example.org', manifests: overlay },
    { domain: 'many sites', manifests: sites }
  ]
  for (const [domain, text] of variants) {
    writeFileSync(overlayFile, text)
    domains.push({ domain, manifests: await buildKustomization(join(copy, 'overlay')) })
  }
  for (const { domain, manifests } of domains) {
    const names = manifests.map(nameOf)
    for (const other of domains.filter(other => other.domain !== domain)) {
      const pair = `${domain}, ${other.domain}`
      t.strictSame(other.manifests.map(nameOf).filter(name => names.includes(name)), [], pair)
      const pod = findManifest(other.manifests, 'Deployment').spec?.template.metadata?.labels ?? {}
      t.strictSame(findSelectors(manifests).filter(selector => isMatch(selector, pod)), [], pair)
    }
    t.equal(findSelectors(manifests).length, 5, domain)
  }
  const routes = domains.flatMap(({ manifests }) => findManifests(manifests, 'HTTPRoute'))
  t.strictSame(routes.map(({ spec }) => spec.rules?.[0]?.backendRefs?.[0]?.name),
    ['', '-example-org', '-sites', '-example-net'].map(suffix => `matrix-well-known${suffix}`), 'the renamed Services')
  const { rules, tls } = findManifest(domains.at(-1)?.manifests ?? [], 'Ingress').spec ?? {}
  const backend = { service: { name: 'matrix-well-known-example-edu', port: { name: 'http' } } }
  t.strictSame(tls, [{ hosts: ['example.edu'], secretName: 'example-edu-tls' }])
  const paths = [{ path: '/.well-known/matrix', pathType: 'Prefix', backend }]
  t.strictSame(rules, [{ host: 'example.edu', http: { paths } }])
})

function nameOf (manifest: Manifest): string {
  return `${manifest.kind} ${String(JSON.parse(JSON.stringify(manifest)).metadata.name)}`
}

type Labels = Readonly<Record<string, string>>

/** The labels that the selectors of a Deployment with its spread, a Service and the policies require. */
function findSelectors (manifests: readonly Manifest[]): Labels[] {
  const { selector, template } = findManifest(manifests, 'Deployment').spec ?? {}
  const spread = template?.spec?.topologySpreadConstraints ?? []
  return [
    selector?.matchLabels,
    ...spread.map(({ labelSelector }) => labelSelector?.matchLabels),
    findManifest(manifests, 'Service').spec?.selector,
    findManifest(manifests, 'PodDisruptionBudget').spec?.selector?.matchLabels,
    findManifest(manifests, 'NetworkPolicy').spec?.podSelector?.matchLabels
  ].filter(labels => labels !== undefined)
}

/** An empty selector matches every pod. */
function isMatch (selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([name, value]) => labels[name] === value)
}

t.test('the pods fit the restricted Pod Security Standard and have no service account token', async t => {
  for (const { name, manifests } of examples) {
    t.hasStrict(findManifest(manifests, 'Deployment').spec?.template.spec, {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] }
        },
        resources: { limits: { memory: '128Mi' } }
      }]
    }, name)
  }
})

t.test('if a container ends with an error, the pod has the last lines of its log', t => {
  const deployments = [gateway, monitor].flatMap(manifests => findManifests(manifests, 'Deployment'))
  const templates = [
    ...deployments.map(({ spec }) => spec?.template),
    findManifest(check, 'CronJob').spec?.jobTemplate.spec?.template
  ]
  t.equal(templates.length, 4)
  for (const template of templates) {
    t.match(template?.spec?.containers, [{ terminationMessagePolicy: 'FallbackToLogsOnError' }])
  }
  t.end()
})

t.test('the job checks the same settings, one job at a time, and fits the restricted standard too', t => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  t.hasStrict(findManifest(check, 'CronJob').spec, {
    concurrencyPolicy: 'Forbid',
    jobTemplate: {
      spec: {
        template: {
          spec: {
            restartPolicy: 'Never',
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
            containers: [{
              image: `matrix-well-known:${version}`,
              args: ['check'],
              envFrom: [{ configMapRef: { name: findManifest(gateway, 'ConfigMap').metadata?.name } }],
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] }
              },
              resources: { limits: { memory: '128Mi' } }
            }]
          }
        }
      }
    }
  })
  const labels = findManifest(check, 'CronJob').spec?.jobTemplate.spec?.template.metadata?.labels ?? {}
  t.strictSame(findSelectors(gateway).filter(selector => isMatch(selector, labels)), [], 'no Service selects it')
  t.end()
})

t.test('the check has the instance that gateway/ sets, and changes nothing else of it', async t => {
  const copy = t.testdir()
  cpSync(folder, copy, { recursive: true })
  const file = join(copy, 'gateway/kustomization.yaml')
  const instance = 'app.kubernetes.io/instance: example-net'
  writeFileSync(file, readFileSync(file, 'utf8').replace('app.kubernetes.io/instance: example-com', instance))
  const other = await buildKustomization(join(copy, 'check'))
  // The selector of a Deployment that exists can't be changed.
  const own = other.filter(manifest => nameOf(manifest).endsWith('-check'))
  t.strictSame(other.filter(manifest => !own.includes(manifest)), await buildKustomization(join(copy, 'gateway')))
  const { metadata, spec } = findManifest(other, 'CronJob')
  const labels = spec?.jobTemplate.spec?.template.metadata?.labels
  t.strictSame(labels, {
    'app.kubernetes.io/name': 'matrix-well-known-check', 'app.kubernetes.io/instance': 'example-net'
  })
  t.strictSame(metadata?.labels, labels)
  const policy = findManifest(own, 'NetworkPolicy')
  t.strictSame(policy.metadata?.labels, labels)
  t.strictSame(policy.spec, {
    podSelector: { matchLabels: labels }, policyTypes: ['Ingress', 'Egress'], egress: [{}]
  }, 'it reaches everything, and nothing reaches it')
})

t.test('the monitor is one pod of its own beside the server, with its instance and settings', async t => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const server = new Set(gateway.map(nameOf))
  t.strictSame(new Set(monitor.map(nameOf).filter(name => !name.endsWith('-monitor'))), server, 'nothing of it changes')
  const own = monitor.filter(manifest => nameOf(manifest).endsWith('-monitor'))
  const { replicas, selector, template } = findManifest(own, 'Deployment').spec ?? {}
  const labels = {
    'app.kubernetes.io/name': 'matrix-well-known-monitor', 'app.kubernetes.io/instance': 'example-com'
  }
  t.equal(replicas, 1)
  t.strictSame(template?.metadata?.labels, labels)
  const { podSelector, ingress, egress } = findManifest(own, 'NetworkPolicy').spec ?? {}
  for (const found of [selector?.matchLabels, findManifest(own, 'Service').spec?.selector, podSelector?.matchLabels]) {
    t.strictSame(found, labels)
  }
  t.strictSame(findSelectors(gateway).filter(selector => isMatch(selector, labels)), [], 'the server leaves it alone')
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } }
  t.strictSame(ingress, [{ from: [{ namespaceSelector }], ports: [{ port: 'http', protocol: 'TCP' }] }])
  t.strictSame(egress, [{}])
  const probe = { httpGet: { path: '/health', port: 'http' } }
  t.hasStrict(template?.spec, {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [{
      image: `matrix-well-known:${version}`,
      args: ['monitor'],
      envFrom: [{ configMapRef: { name: findManifest(gateway, 'ConfigMap').metadata?.name } }],
      ports: [{ name: 'http', containerPort: 8080 }],
      securityContext: {
        allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] }
      },
      startupProbe: probe,
      readinessProbe: probe,
      livenessProbe: probe
    }]
  })
})

t.test('the probes request /health on the port of the server', async t => {
  const probe = { httpGet: { path: '/health', port: 'http' } }
  for (const { name, manifests } of examples) {
    const { server } = loadConfig(findManifest(manifests, 'ConfigMap').data ?? {})
    t.equal(server.host, '::', 'on all addresses, because a probe comes from outside the pod')
    t.hasStrict(findManifest(manifests, 'Deployment').spec?.template.spec?.containers, [{
      ports: [{ name: 'http', containerPort: server.port }, { name: 'metrics', containerPort: 9090 }],
      startupProbe: probe,
      readinessProbe: probe,
      livenessProbe: probe
    }], name)
  }
})

t.test('a pod has time to stop: first proxies drop it, then the server finishes requests', async t => {
  for (const { name, manifests } of examples) {
    const pod = findManifest(manifests, 'Deployment').spec?.template.spec
    const { terminationGracePeriodSeconds = 0, containers } = pod ?? {}
    const seconds = containers?.[0]?.lifecycle?.preStop?.sleep?.seconds ?? 0
    t.ok(seconds > 0, name)
    t.ok(terminationGracePeriodSeconds > seconds + limits.stopTimeout / 1000, name)
  }
})

t.test('the Service forwards requests to the port of the pods', async t => {
  for (const { name, manifests } of examples) {
    t.hasStrict(findManifest(manifests, 'Service').spec?.ports, [{ name: 'http', port: 80, targetPort: 'http' }], name)
  }
})

t.test('the Ingress routes only /.well-known/matrix of the server name to the Service', async t => {
  for (const { name, manifests, host } of examples.filter(({ kinds }) => kinds.includes('Ingress'))) {
    const backend = { service: { name: findManifest(manifests, 'Service').metadata?.name, port: { name: 'http' } } }
    const { rules, tls, ...rest } = findManifest(manifests, 'Ingress').spec ?? {}
    t.same(rules, [{ host, http: { paths: [{ path: '/.well-known/matrix', pathType: 'Prefix', backend }] } }], name)
    t.same(tls?.map(({ hosts }) => hosts), [[host]], name)
    t.same(rest, {}, 'no default backend')
  }
})

t.test('the HTTPRoute does the same', async t => {
  for (const { name, manifests, host } of examples.filter(({ kinds }) => kinds.includes('HTTPRoute'))) {
    const route = findManifest(manifests, 'HTTPRoute').spec
    const service = findManifest(manifests, 'Service')
    t.same(route.hostnames, [host], name)
    const port = service.spec?.ports?.[0]?.port
    t.same(route.rules, [{
      matches: [{ path: { type: 'PathPrefix', value: '/.well-known/matrix' } }],
      backendRefs: [{ group: '', kind: 'Service', name: service.metadata?.name, port, weight: 1 }]
    }], name)
  }
})

t.test('an overlay without its comments also has an image, a Gateway and a network of its own', async t => {
  const copy = t.testdir()
  cpSync(folder, copy, { recursive: true })
  const file = join(copy, 'overlay/kustomization.yaml')
  const text = readFileSync(file, 'utf8').replaceAll(/^( *)# (?=images:|- | {2})/gm, '$1')
  for (const base of ['gateway', 'ingress']) {
    writeFileSync(file, text.replace('- ../gateway', `- ../${base}`))
    const manifests = await buildKustomization(join(copy, 'overlay'))
    t.strictSame(findTypeFaults(manifests), [], base)
    const [container] = findManifest(manifests, 'Deployment').spec?.template.spec?.containers ?? []
    t.match(container?.image, /^registry\.example\.com\/matrix-well-known:\d/, base)
    const routes = findManifests(manifests, 'HTTPRoute')
    const parents = routes.flatMap(({ spec }) => spec.parentRefs ?? [])
    const type = { group: 'gateway.networking.k8s.io', kind: 'Gateway' }
    const parent = { ...type, name: 'public', namespace: 'infrastructure', sectionName: 'https-example-org' }
    t.same(parents, base === 'gateway' ? [parent] : [], base)
    const [rule] = findManifest(manifests, 'NetworkPolicy').spec?.ingress ?? []
    const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': 'infrastructure' } }
    t.same(rule?.from, [{ namespaceSelector }], base)
  }
})

t.test('only the namespace of the proxies connects to the pods, which connect to nothing', async t => {
  for (const { name, manifests, proxies } of examples) {
    const { ingress, egress, policyTypes } = findManifest(manifests, 'NetworkPolicy').spec ?? {}
    const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': proxies } }
    t.same(ingress, [{ from: [{ namespaceSelector }], ports: [{ port: 'http', protocol: 'TCP' }] }], name)
    t.equal(egress, undefined, name)
    t.same(policyTypes, ['Ingress', 'Egress'], name)
  }
  t.equal(findManifest(gateway, 'HTTPRoute').spec.parentRefs?.[0]?.namespace, 'gateway')
})

t.test('with the last lines of the policy, Prometheus reaches the port for metrics, which the image opens', async t => {
  const copy = t.testdir()
  cpSync(folder, copy, { recursive: true })
  const file = join(copy, 'base/network-policy.yaml')
  const text = readFileSync(file, 'utf8').replace(/# Prometheus.*/s, lines => lines.replaceAll(/^( +)# /gm, '$1'))
  writeFileSync(file, text)
  const manifests = await buildKustomization(join(copy, 'gateway'))
  t.strictSame(findTypeFaults(manifests), [])
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } }
  const [first, ...more] = findManifest(manifests, 'NetworkPolicy').spec?.ingress ?? []
  t.strictSame(first, findManifest(gateway, 'NetworkPolicy').spec?.ingress?.[0])
  t.strictSame(more, [{ from: [{ namespaceSelector }], ports: [{ port: 'metrics', protocol: 'TCP' }] }])
  t.match(text, 'METRICS_PORT=9090')
})
