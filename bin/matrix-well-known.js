#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number)
if (major > 20 || (major === 20 && minor >= 19)) {
  start()
} else {
  // Otherwise, Debian 12's Node would end with a stack trace. npm only warns. 78 keeps systemd from trying again.
  console.error(`matrix-well-known needs Node 20.19 or newer; ${process.execPath} is Node ${process.versions.node}.`)
  process.exitCode = 78
}

// npm links a command only to a file that exists. Before the first build of a checkout, `dist` doesn't: this builds it.
function start () {
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
}
