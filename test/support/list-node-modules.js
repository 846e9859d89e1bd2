// Loaded before the command, this writes which modules of Node it has loaded to standard error at its end.
process.once('exit', () => {
  for (const name of process.moduleLoadList) process.stderr.write(`${name}\n`)
})
