import neostandard, { plugins } from 'neostandard'

/** Other folders still have longer lines. */
const wrapped = ['src/*.ts', 'src/commands/**', 'bench/**', 'docs/**', 'examples/**', 'test/*/*.ts']
const unwrapped = ['check', 'commands', 'config', 'container', 'hostile', 'matrix', 'server', 'site', 'support', 'readers']

export default [
  ...neostandard({ ts: true, ignores: ['bundle/', 'dist/', '.tap/'] }),
  {
    files: wrapped,
    ignores: unwrapped.map(folder => `test/${folder}/**`),
    plugins: { '@stylistic': plugins['@stylistic'] },
    rules: { '@stylistic/max-len': ['error', { code: 120, ignoreUrls: true }] }
  }
]
