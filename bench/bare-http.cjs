'use strict'
// node:http at its best: a string and a flat array of headers, both made beforehand, and no stream for an absent body.
// It is CommonJS because a module that imports node:http also loads all its exports, WebSocket included.
const { createServer } = require('node:http')

const { port, status, headers, body } = JSON.parse(process.argv[2])
const flat = headers.flat()
createServer({ optimizeEmptyRequests: true }, (_request, response) => response.writeHead(status, flat).end(body))
  .listen(port, '127.0.0.1')
