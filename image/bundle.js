// Builds the one CommonJS file that the image runs.
import { build } from 'esbuild-wasm'

/**
 * Fastify loads https and http2, which load TLS, even if an app doesn't use them. Here they are loaded on first use.
 * Otherwise, the memory at rest is 1.36 times that of a bare node:http server instead of 1.30 times (Node 24).
 */
const serversOnDemand = {
  name: 'servers-on-demand',
  setup ({ onResolve, onLoad }) {
    onResolve({ filter: /^node:(https|http2)$/ }, ({ path, importer }) =>
      importer.endsWith('/fastify/lib/server.js') ? { path, namespace: 'on-demand' } : undefined)
    onLoad({ filter: /^/, namespace: 'on-demand' }, ({ path }) => ({
      contents: `for (const name of ['createServer', 'createSecureServer']) {
        exports[name] = (...options) => require('${path}')[name](...options)
      }`
    }))
  }
}

const { metafile } = await build({
  entryPoints: ['src/cli.ts'],
  outfile: 'bundle/cli.cjs',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  external: ['pino-pretty'],
  minifyWhitespace: true,
  lineLimit: 120,
  logLevel: 'warning',
  // A function, so that start.cjs can run it with its bytecode.
  banner: {
    js: "(function (require, module, exports, __filename) { 'use strict'; " +
      "const importMetaUrl = require('node:url').pathToFileURL(__filename).href"
  },
  footer: { js: '})' },
  define: { 'import.meta.url': 'importMetaUrl' },
  plugins: [serversOnDemand],
  metafile: true
})
for (const input of ['on-demand:node:https', 'on-demand:node:http2']) {
  if (!(input in metafile.inputs)) throw new Error(`no file imports ${input}; fix image/bundle.js`)
}
