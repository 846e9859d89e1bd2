import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import ts from 'typescript'
import { parseAllDocuments } from 'yaml'
import type { KubernetesKinds } from './kubernetes-kinds.ts'

const run = promisify(execFile)

/** An object of the Kubernetes API whose kind is not verified yet. */
export interface Manifest {
  readonly kind: string
}

const builders = [['kubectl', 'kustomize'], ['kustomize', 'build']] as const

/**
 * Builds a folder with kubectl, or with kustomize if there is no kubectl.
 *
 * @throws {Error} if there is neither, if the folder can't be built, and if the tool prints a warning.
 */
export async function buildKustomization (folder: string): Promise<Manifest[]> {
  for (const [command, subcommand] of builders) {
    try {
      const { stdout, stderr } = await run(command, [subcommand, folder])
      if (stderr !== '') throw new Error(stderr)
      return parseManifests(stdout)
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  }
  throw new Error('neither kubectl nor kustomize is installed')
}

function isMissing (error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

function parseManifests (text: string): Manifest[] {
  return parseAllDocuments(text).map(document => {
    const content: unknown = document.toJS()
    if (isManifest(content)) return content
    throw new Error(`not an object with a kind: ${JSON.stringify(content)}`)
  })
}

function isManifest (content: unknown): content is Manifest {
  return typeof content === 'object' && content !== null && 'kind' in content && typeof content.kind === 'string'
}

/** The only manifest of a kind. */
export function findManifest<Kind extends keyof KubernetesKinds> (
  manifests: readonly Manifest[], kind: Kind
): KubernetesKinds[Kind] {
  const [found, ...more] = findManifests(manifests, kind)
  if (found === undefined || more.length > 0) throw new Error(`${more.length === 0 ? 'no' : 'more than one'} ${kind}`)
  return found
}

/** All manifests of a kind. */
export function findManifests<Kind extends keyof KubernetesKinds> (
  manifests: readonly Manifest[], kind: Kind
): Array<KubernetesKinds[Kind]> {
  return manifests.filter(manifest => isOfKind(manifest, kind))
}

/** Compares only the name of the kind; findTypeFaults checks the type. */
function isOfKind<Kind extends keyof KubernetesKinds> (
  manifest: Manifest, kind: Kind
): manifest is KubernetesKinds[Kind] & Manifest {
  return manifest.kind === kind
}

/**
 * Compares manifests with the types of the API, unknown fields included. The manifests are written as TypeScript,
 * because the compiler rejects unknown fields only in object literals.
 */
export function findTypeFaults (manifests: readonly Manifest[]): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2023.d.ts'],
    types: []
  }
  const path = fileURLToPath(new URL('manifests.ts', import.meta.url))
  const kinds = "import type { KubernetesKinds } from './kubernetes-kinds.ts'"
  const source = [kinds, ...manifests.map(writeManifest)].join('\n')
  const host = ts.createCompilerHost(options)
  const getSourceFile = host.getSourceFile.bind(host)
  host.getSourceFile = (name, languageVersion, ...rest) => name === path
    ? ts.createSourceFile(name, source, languageVersion)
    : getSourceFile(name, languageVersion, ...rest)
  return ts.getPreEmitDiagnostics(ts.createProgram([path], options, host)).map(describe)
}

function writeManifest (manifest: Manifest, index: number): string {
  const type = `KubernetesKinds[${JSON.stringify(manifest.kind)}]`
  return `export const manifest${index}: ${type} = ${JSON.stringify(manifest, undefined, 2)}`
}

function describe ({ file, start = 0, messageText }: ts.Diagnostic): string {
  const line = file?.text.slice(start).split('\n', 1)[0] ?? ''
  return `${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
}
