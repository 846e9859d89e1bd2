// Replaces the modules of the package by a few files, after build.js: node package/bundle.js [FOLDER], `dist` by
// default. To find, read and compile each module by itself takes half of the time of a check.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild-wasm'
import { generateValidators } from './generated-validators.js'
import { modulesOfNode } from './modules-of-node.js'

const [outdir = 'dist'] = process.argv.slice(2)

const shared = {
  outdir,
  bundle: true,
  // A command loads only its own files.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // They stay dependencies, so that npm installs and audits them.
  packages: 'external',
  logLevel: 'warning'
}

// From the modules, so before they are removed.
const validators = await generateValidators()
for (const name of existsSync(outdir) ? readdirSync(outdir, { recursive: true }) : []) {
  // The declarations stay.
  if (/\.js(\.map)?$/.test(name)) rmSync(join(outdir, name))
}
await build({
  ...shared,
  entryPoints: ['src/cli.ts'],
  chunkNames: 'cli/[name]-[hash]',
  plugins: [validators, modulesOfNode]
})
await build({
  ...shared,
  entryPoints: ['src/index.ts', 'src/site.ts', 'src/fastify.ts'],
  chunkNames: 'library/[name]-[hash]',
  plugins: [validators]
})
