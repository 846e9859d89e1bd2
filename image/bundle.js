// Builds the two CommonJS files that the image runs: one with the server, one with all other commands. The server's
// memory at rest and its start grow with all that is in its file, used or not.
import { readFileSync } from 'node:fs'
import { build } from 'esbuild-wasm'

/** What `loadOnDemand` changes: the module, who loads it without using it, and the functions of the module. */
const onDemand = [
  // These load TLS. Otherwise, the memory at rest grows by 6 % of that of a bare node:http server (Node 24).
  ['node:https', 'fastify/lib/server.js', ['createServer']],
  ['node:http2', 'fastify/lib/server.js', ['createServer', 'createSecureServer']],
  // For plugins that name the versions of Fastify they work with: 47 files.
  ['semver', 'fastify/lib/plugin-utils.js', ['coerce', 'gt', 'satisfies']]
]

/** Makes modules that are loaded at the start, but not used there, load when one of their functions is called. */
const loadOnDemand = {
  name: 'load-on-demand',
  setup ({ onResolve, onLoad }) {
    const find = (path, importer) => onDemand.find(([name, user]) => name === path && importer.endsWith(`/${user}`))
    onResolve({ filter: /^/ }, ({ path, importer, resolveDir }) =>
      find(path, importer) && { path, namespace: 'on-demand', pluginData: { importer, resolveDir } })
    onLoad({ filter: /^/, namespace: 'on-demand' }, ({ path, pluginData: { importer, resolveDir } }) => ({
      contents: find(path, importer)[2]
        .map(name => `exports.${name} = (...options) => require('${path}').${name}(...options)`).join('\n'),
      resolveDir
    }))
  }
}

const shared = {
  entryPoints: ['src/cli.ts'],
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 120,
  logLevel: 'warning',
  // A function, so that start.cjs can run it with its bytecode.
  banner: {
    js: "(function (require, module, exports, __filename) { 'use strict'; " +
      "const importMetaUrl = require('node:url').pathToFileURL(__filename).href"
  },
  footer: { js: '})' },
  define: { 'import.meta.url': 'importMetaUrl' },
  plugins: [loadOnDemand],
  metafile: true
}

const commands = [...readFileSync('src/cli.ts', 'utf8').matchAll(/import\('(\.\/commands\/(\w+)\.ts)'\)/g)]
const isServer = ([, , name]) => name === 'serve' || name === 'healthcheck'
const pathOf = ([, path]) => path
// For people on a terminal who have installed it, and for tests.
const optional = ['pino-pretty', 'light-my-request']

const { metafile } = await build({
  ...shared,
  outfile: 'bundle/server.cjs',
  external: [
    ...commands.filter(command => !isServer(command)).map(pathOf), ...optional,
    // Our apps have no schemas: see src/server/without-schemas.ts.
    '@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler'
  ]
})
for (const [name] of onDemand) {
  if (!(`on-demand:${name}` in metafile.inputs)) throw new Error(`no file imports ${name}; fix image/bundle.js`)
}
await build({
  ...shared,
  outfile: 'bundle/cli.cjs',
  external: [...commands.filter(isServer).map(pathOf), ...optional]
})
