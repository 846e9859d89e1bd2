import { documentPath } from '../site/documents.ts'
import type { Response } from '../site/responses.ts'
import { encodeInChunks } from './chunks.ts'
import { headerOf, sharedHeaders } from './publication.ts'
import type { Publication, PublishedPath } from './publication.ts'
import type { Target } from './target.ts'

const snippet = 'matrix-well-known.conf'
const dollarFile = 'matrix-well-known-dollar.conf'

export const nginx: Target = {
  summary: 'a snippet for the server block',
  snippet,
  build: publication => {
    const text = buildSnippet(publication)
    const needsDollar = text.includes(`\${${dollar}}`)
    return {
      files: [{ path: snippet, text }, ...needsDollar ? [{ path: dollarFile, text: `${dollarLine}\n` }] : []],
      warnings: needsDollar
        ? [`nginx can't write "$" in a server block: copy ${dollarFile} to /etc/nginx/conf.d/. It has: ${dollarLine}`]
        : [],
      notes: [
        `Copy ${snippet} to /etc/nginx/snippets/, and add "include snippets/${snippet};" to the server block of ` +
        `https://${publication.hosts[0]}. Then: nginx -t && systemctl reload nginx`,
        'nginx runs "return" and "rewrite" directly in the server block first: move those that match these paths ' +
        'into "location / { … }".'
      ]
    }
  }
}

/** The variable for "$", which nginx can't escape. */
const dollar = 'matrix_well_known_dollar'
const dollarLine = `geo $${dollar} { default '$'; }`
const body = '$matrix_well_known_body'
const cacheControl = '$matrix_well_known_cache_control'
const allow = '$matrix_well_known_allow'

function buildSnippet (publication: Publication): string {
  const { serverName, hosts: [host], documents, missing, otherPath } = publication
  const prefix = documentPath('')
  return [
    `# The Matrix well-known documents of ${serverName}, for the server block of https://${host}.\n`,
    ...documents.map(document => buildLocation(publication, `= ${document.path}`, document)),
    ...missing.map(document => buildLocation(publication, `= ${document.path}`, document)),
    buildLocation(publication, `^~ ${prefix}`, { response: otherPath })
  ].join('\n')
}

/** `if` in a location is safe as long as there is nothing but `set` and `return` in it. */
function buildLocation (
  { options, methodNotAllowed }: Publication, location: string, { name, response }: Partial<PublishedPath> & {
    response: Response
  }
): string {
  const isKnown = name !== undefined
  const headers = sharedHeaders({ options })
  const [bodyLines, result] = buildBody(response.body)
  return `location ${location} {
    types { }
    default_type application/json;
${headers.map(([header, value]) => `    add_header ${header} ${quote(value)} always;\n`).join('')}\
    add_header Cache-Control ${cacheControl} always;
    add_header Allow ${allow} always;
    set ${cacheControl} '';
    set ${allow} ${quote(isKnown ? headerOf(options, 'allow') : '')};
    if ($request_method = OPTIONS) {
        return ${options.status};
    }
${isKnown
    ? `    if ($request_method !~ '^(GET|HEAD)$') {
        set ${cacheControl} ${quote(headerOf(methodNotAllowed, 'cache-control'))};
        return ${methodNotAllowed.status} ${quote(methodNotAllowed.body)};
    }
    set ${allow} '';
`
    : ''}\
    set ${cacheControl} ${quote(headerOf(response, 'cache-control'))};
${bodyLines}\
    return ${response.status} ${result};
}
`
}

/** nginx reads strings of up to 4,096 bytes, so a longer body is put together. */
function buildBody (text: string): readonly [lines: string, result: string] {
  const chunks = encodeInChunks(text, /./gsu, escape, 3_000)
  if (chunks.length === 1) return ['', `'${chunks.join('')}'`]
  const lines = chunks.map((chunk, index) =>
    `    set ${body} '${index === 0 ? '' : `\${${body.slice(1)}}`}${chunk}';\n`)
  return [lines.join(''), body]
}

function quote (text: string): string {
  return `'${text.replaceAll(/./gsu, escape)}'`
}

function escape (character: string): string {
  if (character === '$') return `\${${dollar}}`
  return /['\\]/.test(character) ? `\\${character}` : character
}
