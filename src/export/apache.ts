import { documentPath } from '../site/documents.ts'
import type { Response } from '../site/responses.ts'
import { encodeInChunks } from './chunks.ts'
import { headerOf, sharedHeaders } from './publication.ts'
import type { Publication, PublishedPath } from './publication.ts'
import type { Target } from './target.ts'

const snippet = 'matrix-well-known.conf'

export const apache: Target = {
  summary: 'a snippet for the virtual host',
  snippet,
  build: publication => ({
    files: [{ path: snippet, text: buildSnippet(publication) }],
    notes: [
      `Copy ${snippet} to /etc/apache2/, and add "Include ${snippet}" to the virtual host of ` +
      `https://${publication.hosts[0]}, above all other rewrite rules. ` +
      'Then: a2enmod rewrite headers && systemctl restart apache2',
      'It needs Apache httpd 2.4.13 or newer. It sends no ETag.'
    ]
  })
}

/**
 * Without a file, Apache httpd sends a text only as an error document. A rewrite rule makes 200 such an "error", before
 * anything else of the virtual host (redirects, a proxy, access control) sees the request.
 */
function buildSnippet (publication: Publication): string {
  const { serverName, hosts: [host], documents, missing, methodNotAllowed, options, otherPath } = publication
  const prefix = `^${escapePattern(documentPath(''))}`
  const matchNames = (paths: readonly PublishedPath[]): string =>
    `${prefix}(${paths.map(({ name }) => escapePattern(name)).join('|')})$`
  const always = sharedHeaders(publication)
  const rules = [
    'RewriteEngine On',
    'RewriteCond %{REQUEST_METHOD} =OPTIONS',
    `RewriteRule ${prefix} - [R=${options.status},L]`,
    'RewriteCond %{REQUEST_METHOD} !^(GET|HEAD)$',
    `RewriteRule ${matchNames([...documents, ...missing])} - [R=${methodNotAllowed.status},L]`,
    ...documents.length > 0 ? [`RewriteRule ${matchNames(documents)} - [R=200,L]`] : [],
    `RewriteRule ${prefix} - [R=${otherPath.status},L]`
  ]
  const known = [...documents, ...missing]
  return `# The Matrix well-known documents of ${serverName}, for the virtual host of https://${host}.
${rules.join('\n')}

<Location ${documentPath('')}>
${always.map(([header, value]) => `    Header always set ${header} '${value}'\n`).join('')}\
    Header always set Content-Type application/json "expr=%{REQUEST_STATUS} != 204"
    Header always set Cache-Control no-store "expr=%{REQUEST_STATUS} -ge 400"
    Header always unset Allow
    ErrorDocument ${otherPath.status} ${quote(otherPath.body)}
    ErrorDocument ${methodNotAllowed.status} ${quote(methodNotAllowed.body)}
</Location>
${known.map(({ path, response }) => buildLocation(path, response, headerOf(options, 'allow'))).join('')}`
}

function buildLocation (path: string, response: Response, allow: string): string {
  const { status, body } = response
  return `
<Location ${path}>
    Header always set Allow '${allow}' "expr=%{REQUEST_STATUS} == 204 || %{REQUEST_STATUS} == 405"
    Header always set Cache-Control '${headerOf(response, 'cache-control')}' "expr=%{REQUEST_STATUS} == ${status}"
    ErrorDocument ${status} ${quote(body)}
</Location>
`
}

function escapePattern (text: string): string {
  return text.replaceAll('.', '\\.')
}

/**
 * A text in single quotes, which Apache reads three times: it expands `${…}`, removes the quotes, and evaluates the
 * rest as an expression, in which a string has at most 8,191 bytes. An unset variable separates longer ones.
 */
function quote (text: string): string {
  return `'${encodeInChunks(text, /\$\{|./gsu, escape, 4_000).join('%{env:MATRIX_WELL_KNOWN_NOTHING}')}'`
}

function escape (token: string): string {
  if (token === "'") return "\\'"
  return token.replaceAll(/[$%\\]|(?<=\$)\{/g, special => special === '\\' ? '\\\\\\\\' : `\\\\${special}`)
}
