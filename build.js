// Compiles src to dist; other arguments go to the TypeScript compiler. npm runs it after an installation in a checkout
// (not in projects that depend on the package), and with --if-missing before `npm start`.
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'

const compiler = 'node_modules/typescript/bin/tsc'
const args = process.argv.slice(2)
const isStarting = args.includes('--if-missing')

if (!isStarting || !existsSync('dist/cli.js')) {
  if (existsSync(compiler)) {
    rmSync('dist', { recursive: true, force: true })
    const options = ['--project', '.', ...isStarting ? ['--sourceMap', 'false'] : args]
    const { status } = spawnSync(process.execPath, [compiler, ...options], { stdio: 'inherit' })
    process.exitCode = status ?? 1
  } else {
    console.error('Not built: TypeScript is missing. Run "npm ci --include=dev", or install the published package.')
    // Installing without development dependencies is not an error, but there is nothing to start.
    process.exitCode = process.env.npm_lifecycle_event === 'dependencies' ? 0 : 1
  }
}
