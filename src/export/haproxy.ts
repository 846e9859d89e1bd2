import { documentPath } from '../site/documents.ts'
import type { Response } from '../site/responses.ts'
import { sharedHeaders } from './publication.ts'
import type { Publication, PublishedPath } from './publication.ts'
import type { Target } from './target.ts'

const snippet = 'matrix-well-known.cfg'

export const haproxy: Target = {
  summary: 'a backend',
  snippet,
  build: publication => {
    const size = bufferSize(publication)
    return {
      files: [{ path: snippet, text: buildSnippet(publication, size) }],
      warnings: size === undefined
        ? []
        : [`A response has to fit in a buffer, so the snippet sets tune.bufsize to ${size}, for all connections.`],
      notes: [
        `Add the content of ${snippet} at the end of /etc/haproxy/haproxy.cfg, and this line to the frontend of ` +
        `https://${publication.hosts[0]}: ${useBackend(publication)}`,
        'It needs HAProxy 2.5 or newer. Then: haproxy -c -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy'
      ]
    }
  }
}

/** Of HAProxy, in bytes. A part of each buffer is reserved. */
const defaultBufferSize = 16_384
const reservedSize = 1_024

/** The size of buffers that the longest response needs; undefined if HAProxy's default is enough. */
function bufferSize ({ documents }: Publication): number | undefined {
  const needed = Math.max(0, ...documents.map(({ response }) => Buffer.byteLength(response.body))) + 2 * reservedSize
  return needed <= defaultBufferSize ? undefined : Math.ceil(needed / reservedSize) * reservedSize
}

function backendName (serverName: string): string {
  return `matrix_well_known_${serverName.replaceAll(/[[\]]/g, '')}`
}

function useBackend ({ serverName, hosts }: Publication): string {
  const host = `{ req.hdr(host),host_only -i ${hosts.join(' ')} }`
  return `use_backend ${backendName(serverName)} if { path_beg ${documentPath('')} } ${host}`
}

function buildSnippet (publication: Publication, size: number | undefined): string {
  const { serverName, documents, missing, methodNotAllowed, options, otherPath } = publication
  const known = [...documents, ...missing]
  const always = sharedHeaders(publication)
  const rules = [
    ...known.map(({ path }) => `acl is_document path ${path}`),
    ...always.map(([name, value]) => `http-after-response set-header ${name} ${quote(value)}`),
    // RFC 9110 §15.4.5: not that of an empty body.
    'http-after-response del-header Content-Length if { status 304 }',
    buildReturn(options, 'METH_OPTIONS is_document'),
    buildReturn({ ...options, headers: {} }, 'METH_OPTIONS'),
    buildReturn(methodNotAllowed, '!METH_GET is_document'),
    ...known.flatMap(buildRules),
    buildReturn(otherPath)
  ]
  return `# The Matrix well-known documents of ${serverName}. In its frontend:
#     ${useBackend(publication)}
${size === undefined ? '' : `\nglobal\n    tune.bufsize ${size}\n`}
backend ${backendName(serverName)}
    mode http
${rules.map(rule => `    ${rule}\n`).join('')}`
}

/** METH_GET is GET and HEAD. */
function buildRules ({ path, response }: PublishedPath): string[] {
  const { etag } = response.headers
  const condition = `{ path ${path} }`
  if (etag === undefined) return [buildReturn(response, condition)]
  const tag = ` hdr ETag ${quote(etag)}`
  const notModified = { ...response, status: 304, body: '' }
  return [
    buildReturn(notModified, `${condition} { req.hdr(If-None-Match) -m sub ${quote(etag)} }`, tag),
    buildReturn(response, condition, tag)
  ]
}

function buildReturn ({ status, headers, body }: Response, condition?: string, more = ''): string {
  const content = body === '' ? '' : ` content-type application/json string ${quote(body)}`
  const caching = headers['cache-control'] === undefined ? '' : ` hdr Cache-Control ${quote(headers['cache-control'])}`
  const allow = headers.allow === undefined ? '' : ` hdr Allow ${quote(headers.allow)}`
  const when = condition === undefined ? '' : ` if ${condition}`
  return `http-request return status ${status}${content}${caching}${allow}${more}${when}`
}

/** In single quotes, HAProxy reads everything as it is. */
function quote (text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
