import neostandard, { plugins } from 'neostandard'

/** These still have longer lines. */
const unwrapped = [
  'src/check/**',
  'test/check/**',
  'test/commands/check.test.ts',
  'test/support/check-world.ts',
  'test/support/delayed-world.ts',
  'test/support/healthy-world.ts',
  'test/support/homeserver.ts',
  'test/support/summary.ts'
]

export default [
  ...neostandard({ ts: true, ignores: ['bundle/', 'dist/', '.tap/'] }),
  {
    ignores: unwrapped,
    plugins: { '@stylistic': plugins['@stylistic'] },
    rules: { '@stylistic/max-len': ['error', { code: 120 }] }
  }
]
