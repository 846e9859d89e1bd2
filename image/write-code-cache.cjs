'use strict'
// Runs a command and writes the bytecode of everything that has run when it ends: the server after its first response.
// The node that will use the bytecode has to run this, with the same flags.
const { writeFileSync } = require('node:fs')
const { get } = require('node:http')
const { cacheFile, script } = require('./start.cjs')

function ask () {
  get({ host: '127.0.0.1', port: process.env.PORT, path: '/.well-known/matrix/server' }, response => {
    response.resume().once('end', () => process.exit(response.statusCode === 200 ? 0 : 1))
  }).once('error', () => setTimeout(ask, 10))
}

process.once('exit', () => writeFileSync(cacheFile, script.createCachedData()))
if (process.argv[2] === 'serve') ask()
setTimeout(() => process.exit(1), 30_000).unref()
