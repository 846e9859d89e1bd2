'use strict'
// node:http at its best: a prebuilt string, a flat array of headers, and the server options of the sidecar. It is
// JavaScript because Node 20 has to run it, too; and no ES module, which takes longer to start: see bare-http.mjs.
const { createServer } = require('node:http')

const { port, answer, options, properties } = JSON.parse(process.argv[2])
const { status, headers, body } = answer

const server = createServer(options, (_request, response) => response.writeHead(status, headers).end(body))
Object.assign(server, properties).listen(port, '127.0.0.1')
