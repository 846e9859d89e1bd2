'use strict'
// What the image runs: the bundle, with the bytecode that V8 made of it while the image was built. To compile it anew
// takes a third of the time to the first answer. V8 refuses bytecode of another version, or made with other flags than
// it runs with, and then compiles after all.
const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { setFlagsFromString } = require('node:v8')
const { Script, constants, runInNewContext } = require('node:vm')

const filename = join(__dirname, 'cli.cjs')
const cacheFile = join(__dirname, 'cli.cache')

function readCache () {
  try {
    return readFileSync(cacheFile)
  } catch {
    // Not made yet, or on a machine that can't run the image's node.
    return undefined
  }
}

// A function, by esbuild's banner and footer.
const script = new Script(readFileSync(filename, 'utf8'), {
  filename,
  cachedData: readCache(),
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER
})
const bundle = { exports: {} }
script.runInThisContext()(require, bundle, bundle.exports, filename)

// What starting leaves behind is given back, once. V8 would keep it for as long as there is room. The flag is set this
// late because Node refuses its own bytecode, too, where it is set at the start.
function collectGarbage () {
  try {
    setFlagsFromString('--expose-gc')
    runInNewContext('gc')({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    setFlagsFromString('--no-expose-gc')
  } catch {
    // A node that can't do it serves all the same.
  }
}

// Not while the bytecode is made, which is of all that has run; nor in check, which serves nobody.
if (require.main === module && process.argv[2] !== 'check') setTimeout(collectGarbage, 300).unref()

module.exports = { script, cacheFile }
