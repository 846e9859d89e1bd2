import { documentPath } from '../site/documents.ts'
import type { Response } from '../site/responses.ts'
import { headerOf, sharedHeaders } from './publication.ts'
import type { Publication, PublishedPath } from './publication.ts'
import type { Target } from './target.ts'

const snippet = 'matrix-well-known.caddy'

export const caddy: Target = {
  summary: 'a snippet for the site block',
  snippet,
  build: publication => ({
    files: [{ path: snippet, text: buildSnippet(publication) }],
    notes: [
      `Copy ${snippet} to /etc/caddy/, and add "import ${snippet}" to the site block of ` +
      `${publication.hosts[0]}. Then: systemctl reload caddy`,
      'The rest of the site has to be in "handle { … }", so that it doesn\'t respond to these paths.'
    ]
  })
}

function buildSnippet (publication: Publication): string {
  const { serverName, documents, missing, otherPath } = publication
  const text = [
    ...documents.map(document => buildHandle(publication, document.path, document)),
    ...missing.map(document => buildHandle(publication, document.path, document)),
    buildHandle(publication, documentPath('*'), { response: otherPath })
  ].join('\n')
  return `# The Matrix well-known documents of ${serverName}, for its site block.\n${defineVariables(text)}\n${text}`
}

function buildHandle (
  { options, methodNotAllowed }: Publication, path: string, { name, response }: Partial<PublishedPath> & {
    response: Response
  }
): string {
  const always = sharedHeaders({ options })
  const allow = `header Allow ${quote(headerOf(options, 'allow'))}`
  const etag = response.headers.etag
  const lines = [
    ...always.map(([header, value]) => `header ${header} ${quote(value)}`),
    '@options method OPTIONS',
    ...name === undefined ? [] : [allow],
    `respond @options ${options.status}`,
    'header Content-Type application/json',
    ...name === undefined
      ? []
      : [
          '@other not method GET HEAD',
          `header @other Cache-Control ${quote(headerOf(methodNotAllowed, 'cache-control'))}`,
          `respond @other ${quote(methodNotAllowed.body)} ${methodNotAllowed.status}`,
          'header -Allow'
        ],
    `header Cache-Control ${quote(headerOf(response, 'cache-control'))}`,
    ...etag === undefined
      ? []
      : [
          `header ETag ${quote(etag)}`,
          // Without the quotes, because compression adds a suffix within them.
          `@cached header If-None-Match *${etag.replaceAll('"', '')}*`,
          'respond @cached 304'
        ],
    `respond ${quote(response.body)} ${response.status}`
  ]
  return `handle ${path} {\n\troute {\n${lines.map(line => `\t\t${line}\n`).join('')}\t}\n}\n`
}

/** Variables for what can't be escaped, in Caddy's own form: the short form is expanded in strings, too. */
const variables = { backslash: '`\\`', backtick: '"`"', nothing: '""' } as const

function reference (name: keyof typeof variables): string {
  return `{http.vars.matrix_well_known_${name}}`
}

function defineVariables (text: string): string {
  const used = (Object.keys(variables) as Array<keyof typeof variables>).filter(name => text.includes(reference(name)))
  return used.map(name => `vars matrix_well_known_${name} ${variables[name]}\n`).join('')
}

/**
 * A string in backticks, in which Caddy expands placeholders such as `{http.request.host}` when it responds,
 * environment variables such as `{$HOME}` when it reads the file, and `{args[0]}` when it imports it.
 *
 * An empty variable after a brace makes each of these unknown, so that it stays as it is. A backslash would escape the
 * brace, but one of those that expand placeholders removes it, and the next one doesn't see it.
 */
function quote (text: string): string {
  return `\`${text.replaceAll(/"(?:[^"\\]|\\.)*"/gsu, escape)}\``
}

/** Of JSON, only strings need this: `{"` and `{}` are never placeholders. */
function escape (string: string): string {
  return string.replaceAll(/(\\*)([{}`])/g, (_, backslashes: string, character: string) =>
    reference('backslash').repeat(backslashes.length) +
    (character === '`' ? reference('backtick') : character === '{' ? `{${reference('nothing')}` : character))
}
