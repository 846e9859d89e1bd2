import { Server } from 'node:net'

// Loaded before the command, this prevents its server from closing.
Server.prototype.close = function () { return this }
