import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { startCluster } from '../support/api-server.ts'

const folder = fileURLToPath(new URL('../../examples/kubernetes', import.meta.url))
/** Those that are applied. The base is a part of each, and so is the image. */
const examples = readdirSync(folder, { withFileTypes: true })
  .filter(entry => entry.isDirectory() && !['base', 'image'].includes(entry.name)).map(({ name }) => name)
const page = readFileSync(join(folder, 'README.md'), 'utf8')
const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = '']) => text)

const cluster = await startCluster(t)
const { kubectl } = cluster

/** The namespace of the site, as a careful administrator has it. */
await kubectl(['apply', '--filename=-'], JSON.stringify({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: 'site',
    labels: {
      'pod-security.kubernetes.io/enforce': 'restricted',
      'pod-security.kubernetes.io/warn': 'restricted'
    }
  }
}))
// A controller would create it.
await kubectl(['create', 'serviceaccount', 'default', '--namespace=site'])
await kubectl(['apply', '--server-side', `--filename=${process.env.API_SERVER}/crd`])
await kubectl(['wait', '--for=condition=Established', '--timeout=30s', 'crd/httproutes.gateway.networking.k8s.io'])

const apply = async (example: string, ...options: string[]): Promise<string> =>
  await kubectl(['apply', '--namespace=site', '--validate=strict', ...options, `--kustomize=${join(folder, example)}`])

interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> }
  readonly spec: { readonly containers: ReadonlyArray<{ readonly image: string }> }
}

interface Workload {
  readonly kind: string
  readonly spec: { readonly template?: PodTemplate, readonly jobTemplate?: { spec: { template: PodTemplate } } }
}

/** The pods that the API server would let controllers create. */
async function listTemplates (example: string): Promise<PodTemplate[]> {
  const { items }: { items: Workload[] } = JSON.parse(await apply(example, '--dry-run=server', '--output=json'))
  return items.filter(({ kind }) => ['Deployment', 'CronJob'].includes(kind))
    .flatMap(({ spec }) => spec.template ?? spec.jobTemplate?.spec.template ?? [])
}

async function createPod ({ metadata: { labels }, spec }: PodTemplate): Promise<string> {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { generateName: 'pod-', labels }, spec }
  return await kubectl(['create', '--namespace=site', '--dry-run=server', '--filename=-'], JSON.stringify(pod))
}

t.test('the API server accepts every example, without a warning', async t => {
  t.ok(examples.length > 3)
  for (const example of examples) {
    for (const options of [['--dry-run=server'], ['--dry-run=server', '--server-side']]) {
      const lines = (await apply(example, ...options)).trimEnd().split('\n')
      t.ok(lines.length >= 6, example)
      for (const line of lines) t.match(line, /\((server )?dry run\)|serverside-applied/, example)
    }
  }
})

t.test('a misspelled field, a wrong value and an unknown kind are rejected', async t => {
  const gateway = await kubectl(['kustomize', join(folder, 'gateway')])
  const mistakes = [
    ['readOnlyRootFilesystem:', 'readOnlyRootFileSystem:'],
    ['replicas: 2', 'replicas: two'],
    ['type: PathPrefix', 'type: Prefix'],
    ['value: /.well-known/matrix', 'value: .well-known/matrix'],
    ['policyTypes:', 'policyType:'],
    ['kind: HTTPRoute', 'kind: HTTPRoad']
  ] as const
  for (const [right, wrong] of mistakes) {
    t.ok(gateway.includes(right))
    const args = ['apply', '--namespace=site', '--dry-run=server', '--validate=strict', '--filename=-']
    await t.rejects(kubectl(args, gateway.replace(right, wrong)), wrong)
  }
})

t.test('the namespace, which enforces the restricted standard, admits every pod', async t => {
  for (const example of examples) {
    const templates = await listTemplates(example)
    t.ok(templates.length > 0, example)
    for (const template of templates) {
      t.match(await createPod(template), /^pod\/pod-\S* created \(server dry run\)/, example)
      // undefined isn't a part of JSON.
      const containers = template.spec.containers.map(container => ({ ...container, securityContext: undefined }))
      await t.rejects(createPod({ ...template, spec: { ...template.spec, containers } }),
        { code: 1, stderr: /violates PodSecurity "restricted:latest"/ }, 'which it would not do otherwise')
    }
  }
})

t.test('the image is set in one place for all examples', async t => {
  const copy = t.testdir()
  cpSync(folder, copy, { recursive: true })
  const file = join(copy, 'image/kustomization.yaml')
  writeFileSync(file, readFileSync(file, 'utf8')
    .replace(/# (newName: )\S+/, '$1registry.example.net/matrix').replace(/(newTag: )\S+/, '$19.9.9'))
  for (const example of examples) {
    const images = [...(await kubectl(['kustomize', join(copy, example)])).matchAll(/^ *-? ?image: (.*)$/gm)]
    t.ok(images.length > 0)
    for (const [, image] of images) t.equal(image, 'registry.example.net/matrix:9.9.9', example)
  }
})

t.test('what is applied is what is stored: GitOps finds no difference', async t => {
  await kubectl(['create', 'namespace', 'diff'])
  for (const example of examples) {
    const text = await kubectl(['kustomize', join(folder, example)])
    const manifests = text.replaceAll('namespace: site\n', 'namespace: diff\n')
    await kubectl(['apply', '--namespace=diff', '--filename=-'], manifests)
    const again = await kubectl(['apply', '--namespace=diff', '--filename=-'], manifests)
    // kubectl always replaces the selector of a budget. Of others, defaults that aren't written down would count.
    const changed = again.trimEnd().split('\n').filter(line => !line.endsWith(' unchanged'))
    t.strictSame(changed.filter(line => !line.startsWith('poddisruptionbudget.policy/')), [], example)
    t.equal(await kubectl(['diff', '--namespace=diff', '--filename=-'], manifests), '', example)
  }
  await kubectl(['delete', 'namespace', 'diff', '--wait=false'])
})

t.test('a server with another instance can be applied again, with the check', async t => {
  const copy = t.testdir()
  cpSync(folder, copy, { recursive: true })
  const file = join(copy, 'gateway/kustomization.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace('instance: example-com', 'instance: example-net'))
  await kubectl(['create', 'namespace', 'other'])
  for (const example of ['gateway', 'check', 'monitor']) {
    t.match(await kubectl(['apply', '--namespace=other', `--kustomize=${join(copy, example)}`]), 'deployment.apps')
  }
  await kubectl(['delete', 'namespace', 'other', '--wait=false'])
})

t.test('the commands on the page do what it says, and several instances share the namespace', async t => {
  const commands = blocks.flatMap(text => text.trimEnd().split('\n')).map(line => line.replace(/ +#.*$/, ''))
  const remaining = [...commands]
  const step = async (command: string): Promise<string> => {
    t.equal(remaining.shift(), command)
    return await cluster.run(command, folder)
  }
  t.match(await step('matrix-well-known validate --literal base/settings.env'), 'No problems found')
  t.match(await step('kubectl kustomize gateway'), 'kind: HTTPRoute')
  t.match(await step('kubectl apply --namespace site -k gateway'),
    'httproute.gateway.networking.k8s.io/matrix-well-known created')
  // The test takes the place of the controllers, which would start the pods.
  const status = { observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 }
  await kubectl(['patch', 'deployment/matrix-well-known', '--namespace=site', '--subresource=status', '--type=merge',
    `--patch=${JSON.stringify({ status })}`])
  t.match(await step('kubectl rollout status --namespace site deployment/matrix-well-known'), 'successfully rolled out')
  t.equal(await step('kubectl diff --namespace site -k gateway'), '')
  const pods = '--selector app.kubernetes.io/name=matrix-well-known'
  t.equal(await step(`kubectl describe pods --namespace site ${pods}`), '', 'a controller would create them')
  t.match(await step('kubectl delete --namespace site -k gateway'), 'deployment.apps "matrix-well-known" deleted')
  t.match(await step('kubectl apply --namespace site -k check'), 'cronjob.batch/matrix-well-known-check created')
  t.equal(await step('kubectl get jobs --namespace site'), '', 'a controller would create them')
  t.equal(await step(`kubectl logs --namespace site ${pods}-check --tail -1 --prefix`), '')
  t.match(await step('kubectl apply --namespace site -k monitor'),
    'deployment.apps/matrix-well-known-monitor created')
  t.match(await step('kubectl get service --namespace site matrix-well-known-monitor'), ' 80/TCP ')
  t.match(await step('matrix-well-known validate --literal overlay/settings.env'), 'example.org')
  t.match(await step('kubectl apply -k overlay'), 'deployment.apps/matrix-well-known-example-org created')
  t.match(await step('kubectl delete --namespace site deployment/matrix-well-known'), 'deleted')
  t.match(await step('matrix-well-known validate sites/domains'), 'example.org')
  t.match(await step('kubectl apply --server-side -k sites'),
    'deployment.apps/matrix-well-known-sites serverside-applied')
  t.strictSame(remaining, [])
  t.match(await apply('gateway'), 'deployment.apps/matrix-well-known created')
  const deployments = (await kubectl(['get', 'deployments', '--namespace=site', '--output=name'])).trimEnd().split('\n')
  const suffixes = ['', '-example-org', '-monitor', '-sites']
  t.strictSame(deployments, suffixes.map(suffix => `deployment.apps/matrix-well-known${suffix}`))
  await apply('overlay')
  t.equal(await kubectl(['get', 'deployment/matrix-well-known-example-org', '--namespace=site',
    '--output=jsonpath={.metadata.generation}']), '1', 'applied again, it is the same')
})
