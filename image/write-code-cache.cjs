'use strict'
// Starts the server with the settings of the environment and, after its first response, writes the bytecode of all
// that has run until then. The same node, with the same flags, has to run it that will use the bytecode.
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
