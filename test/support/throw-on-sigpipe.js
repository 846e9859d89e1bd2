// Loaded before the command, this makes it throw an error at a signal.
process.once('SIGPIPE', () => { throw new Error('on purpose') })
