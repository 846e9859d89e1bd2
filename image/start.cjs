'use strict'
// Runs a command in the image, with the bytecode that V8 compiled when the image was built. Compiling it again would
// take a third of the time to the first response. V8 rejects bytecode from another version or with other flags, and
// then compiles the bundle.
const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { setFlagsFromString } = require('node:v8')
const { Script, constants, runInNewContext } = require('node:vm')

// See bundle.js. A command line that begins with an option runs the server as well.
const [command = 'serve'] = process.argv.slice(2)
const isServer = command === 'serve' || command === 'healthcheck' || command.startsWith('-')
const bundleName = isServer ? 'server' : 'cli'
const filename = join(__dirname, `${bundleName}.cjs`)
const cacheFile = join(__dirname, `${bundleName}.cache`)

function readCache () {
  try {
    return readFileSync(cacheFile)
  } catch {
    // It isn't there yet, or the image was built on a machine that can't run its node.
    return undefined
  }
}

// esbuild's banner and footer make it a function.
const script = new Script(readFileSync(filename, 'utf8'), {
  filename,
  cachedData: readCache(),
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER
})
const bundle = { exports: {} }
script.runInThisContext()(require, bundle, bundle.exports, filename)

// Frees the garbage from the start once; V8 would keep it as long as there is room. Otherwise, the memory at rest is
// 1.27 times that of a bare node:http server instead of 1.21 times (Node 24). The flag is set this late because V8
// would also reject Node's own bytecode if it were set at the start.
function collectGarbage () {
  try {
    setFlagsFromString('--expose-gc')
    // While a tick is queued, V8 keeps what it has learned about the shape of ticks. Otherwise, nextTick would take
    // 2.0 instead of 0.3 µs of each request from then on.
    process.nextTick(() => {})
    runInNewContext('gc')({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    setFlagsFromString('--no-expose-gc')
  } catch {
    // Serving doesn't depend on it.
  }
}

// Not while the bytecode is written, because it includes everything that has run, and not in `check`, which soon ends.
if (command !== 'check' && require.main === module) setTimeout(collectGarbage, 300).unref()

module.exports = { script, cacheFile }
