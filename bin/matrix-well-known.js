#!/usr/bin/env node
// npm links a command only to a file that exists. Before the first build of a checkout, `dist` doesn't: this builds it.
import('../dist/cli.js').catch(async error => {
  const { existsSync } = await import('node:fs')
  const { fileURLToPath } = await import('node:url')
  const isBuilt = () => existsSync(new URL('../dist/cli.js', import.meta.url))
  if (isBuilt()) throw error
  const { spawnSync } = await import('node:child_process')
  // Standard output belongs to the command.
  const options = { cwd: fileURLToPath(new URL('..', import.meta.url)), stdio: ['ignore', 2, 2] }
  spawnSync(process.execPath, ['build.js', '--if-missing'], options)
  if (isBuilt()) await import('../dist/cli.js')
  else process.exitCode = 1
})
