'use strict'
// Starts the server with the settings in the environment and, after its first response, writes the bytecode of
// everything that has run so far. The node that will use the bytecode has to run this, with the same flags.
const { writeFileSync } = require('node:fs')
const { get } = require('node:http')
const { cacheFile, script } = require('./start.cjs')

function ask () {
  get({ host: '127.0.0.1', port: process.env.PORT, path: '/.well-known/matrix/server' }, response => {
    response.resume().once('end', () => {
      writeFileSync(cacheFile, script.createCachedData())
      process.exit(response.statusCode === 200 ? 0 : 1)
    })
  }).once('error', () => setTimeout(ask, 10))
}

ask()
setTimeout(() => process.exit(1), 30_000)
