// Bundles the commands into a few files, after build.js: node package/bundle.js [FOLDER], `dist` by default. To find,
// read and compile each module by itself takes half of the time of a check.
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

// From the modules, so before any of them is removed.
const validators = await generateValidators()
// Apps import modules, so that a bundler takes only those that an app uses.
const { metafile } = await build({
  ...shared,
  entryPoints: ['src/index.ts', 'src/site.ts', 'src/fastify.ts'],
  write: false,
  metafile: true
})
const library = new Set(Object.keys(metafile.inputs).map(path => path.replace(/^src\/(.*)\.ts$/, '$1.js')))
for (const name of existsSync(outdir) ? readdirSync(outdir, { recursive: true }) : []) {
  // The declarations stay.
  if (/\.js(\.map)?$/.test(name) && !library.has(name)) rmSync(join(outdir, name))
}
await build({
  ...shared,
  entryPoints: ['src/cli.ts'],
  chunkNames: 'cli/[name]-[hash]',
  plugins: [validators, modulesOfNode]
})
