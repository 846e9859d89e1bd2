import fc from 'fast-check'
import { healthyDocuments } from './healthy-world.ts'

/** What means something in the configuration of a proxy, or in a shell. */
const fragments = [
  '$host', '$'.concat('{host}'), '$1', '$$', '$', '$'.concat('{HOME}'), '{$HOME}', '{$HOME:x}', '{host}',
  '{http.request.host}', '{header.a}', '{args[0]}', '{args.0}', '{vars.a}', '{env.HOME}', '{%HOME%}', '{{now}}', '{',
  '}', '{}', '%[src]', '%ci', '%%', '%', '%{REQUEST_METHOD}', '%{env:HOME}', '%25', '\\', '\\\\', '\\{', '\\}', '\\$',
  '\\n', '\\"', '\\\'', '"', '\'', '`', '\\`',
  '$(id)', '`id`', '; exit', '|', '&', '#', '<If>', '</Location>', ' if FALSE', '\n', '\r', '\t', '\u0000', '\u007f',
  '\u0085', '\u00a0', '\u2028', '\ufeff', 'ä', '🎉', ' ', 'EOF', '-n', 'https://a/', '* /', '%0a'
]

const text = fc.array(
  fc.oneof(fc.constantFrom(...fragments), fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 12 }
).map(parts => parts.join(''))

const value = fc.oneof(text, fc.array(text, { maxLength: 3 }), fc.constantFrom({}, [], null, 1.5))
const document = fc.dictionary(text, value, { maxKeys: 5 })

/** Settings of example.com, with further documents whose content is hard to write in a configuration. */
export interface HostileSettings {
  readonly seed: number
  readonly environment: Readonly<Record<string, string>>
  /** Too long for the environment. */
  readonly documents: Readonly<Record<string, object>>
}

/** Generates valid settings, the same for each SEED in the environment. */
export function generateHostileSettings (): HostileSettings {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
  const generated = fc.sample(document, { seed, numRuns: 30 })
  const everything = fragments.join(' ') + fragments.join('')
  return {
    seed,
    environment: {
      SERVER_NAME: 'example.com',
      M_SERVER: 'matrix.example.com:443',
      M_HOMESERVER_BASE_URL: 'https://matrix.example.com',
      EXTRA_WELL_KNOWN_CLIENT_CONTENT: JSON.stringify({ 'com.example.hostile': everything }),
      SUPPORT_PAGE: healthyDocuments.support.support_page,
      CACHE_MAX_AGE: '7200'
    },
    documents: {
      ...Object.fromEntries(generated.map((content, index) => [`generated-${index}`, content])),
      ...Object.fromEntries(fragments.map((fragment, index) => [`fragment.${index}`, { [fragment]: [fragment] }])),
      'near-the-limit': { content: `${everything.repeat(40)}`.slice(0, 14_000) },
      long: { content: 'ä$'.repeat(12_000), backslashes: '\\'.repeat(3_000) }
    }
  }
}
