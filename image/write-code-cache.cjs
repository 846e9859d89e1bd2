'use strict'
// Starts the server with the settings of the environment and, once it has answered, writes the bytecode of all that has
// run until then. To be run by the very node, and with the very flags, that are to use it.
const { writeFileSync } = require('node:fs')
const { get } = require('node:http')
const { cacheFile, script } = require('./start.cjs')

function ask () {
  get({ host: '127.0.0.1', port: process.env.PORT, path: '/.well-known/matrix/server' }, answer => {
    answer.resume().once('end', () => {
      writeFileSync(cacheFile, script.createCachedData())
      process.exit(answer.statusCode === 200 ? 0 : 1)
    })
  }).once('error', () => setTimeout(ask, 10))
}

ask()
setTimeout(() => process.exit(1), 30_000)
