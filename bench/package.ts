import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** Bundles the program as npm packs it, into this folder, unless it is there. `npm run build` has compiled it. */
export function bundlePackage (folder: string): string {
  const program = join(folder, 'dist/cli.js')
  if (existsSync(program)) return program
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  execFileSync(process.execPath, ['package/bundle.js', join(folder, 'dist')], { cwd: root })
  return program
}
