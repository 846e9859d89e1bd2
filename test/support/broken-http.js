import http from 'node:http'

// Loaded before the command, this makes the program fail unexpectedly.
http.createServer = () => { throw new Error('on purpose') }
