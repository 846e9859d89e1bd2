import http from 'node:http'

// Loaded before the command, it makes the program fail in a way that nobody has foreseen.
http.createServer = () => { throw new Error('on purpose') }
