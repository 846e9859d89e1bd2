import { STATUS_CODES } from 'node:http'
import type { FastifyReply } from 'fastify'

/** An answer, ready to be written: built once, sent often. */
export interface Answer {
  readonly status: number
  /** Names and values in turn, as `writeHead` takes them. */
  readonly headers: readonly string[]
  readonly body: string
}

/** @see https://spec.matrix.org/latest/client-server-api/#web-browser-clients */
export const cors = {
  origin: '*',
  methods: 'GET, POST, PUT, DELETE, OPTIONS',
  allowedHeaders: 'X-Requested-With, Content-Type, Authorization'
}

/** On every answer but those of `/health`, whatever its status: a browser can't even see a 404 without them. */
export const publicHeaders = {
  'Access-Control-Allow-Origin': cors.origin,
  'Access-Control-Allow-Methods': cors.methods,
  'Access-Control-Allow-Headers': cors.allowedHeaders,
  'X-Content-Type-Options': 'nosniff'
}

export function buildAnswer (status: number, headers: Readonly<Record<string, string>>, body: string): Answer {
  const all = { ...headers, 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)) }
  return { status, headers: Object.entries(all).flat(), body }
}

/**
 * A standard error response. It is never to be cached: the next answer may be right.
 *
 * @see https://spec.matrix.org/latest/client-server-api/#standard-error-response
 */
export function buildError (status: number, code: 'M_NOT_FOUND' | 'M_UNRECOGNIZED', error: string, headers: Readonly<Record<string, string>> = publicHeaders): Answer {
  return buildAnswer(status, { ...headers, 'Cache-Control': 'no-store' }, JSON.stringify({ errcode: code, error }))
}

/**
 * Writes an answer as it is: `reply.send` would append a charset to the Content-Type and work out anew, each time,
 * what is known beforehand. Node leaves the body out where the method is HEAD or the status 304.
 */
export function sendAnswer (reply: FastifyReply, { status, headers, body }: Answer): void {
  reply.hijack()
  reply.raw.writeHead(status, headers as string[]).end(body)
}

/** An answer as bytes on the wire, after which the connection closes; for requests that Node could not read. */
export function renderAnswer ({ status, headers, body }: Answer): string {
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`]
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`)
  return [...lines, `Date: ${new Date().toUTCString()}`, 'Connection: close', '', body].join('\r\n')
}
