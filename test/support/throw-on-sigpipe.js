// Loaded before the command, it makes the program have an error on demand.
process.once('SIGPIPE', () => { throw new Error('on purpose') })
