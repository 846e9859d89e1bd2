import type { RequestListener, ServerResponse } from 'node:http'

/** Header fields. An array is sent as several fields of that name; undefined is not sent. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

export interface ResponseOptions {
  readonly status?: number
  /** Added to the default headers of the response; overrides them. */
  readonly headers?: Headers
}

/** @see https://spec.matrix.org/latest/client-server-api/#web-browser-clients */
export const cors = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE, OPTIONS',
  'Access-Control-Allow-Headers': 'X-Requested-With, Content-Type, Authorization'
} as const

/** Removes CORS if passed as `headers`. */
export const withoutCors: Headers = Object.fromEntries(Object.keys(cors).map(name => [name, undefined]))

/** Responds with these bytes, with CORS. */
export function respondWith (
  body: string | Buffer, { status = 200, headers = {} }: ResponseOptions = {}
): RequestListener {
  return (_request, response) => {
    writeHead(response, status, { ...cors, 'Content-Length': String(Buffer.byteLength(body)), ...headers })
    response.end(body)
  }
}

/** JSON, with CORS. */
export function json (value: unknown, { status = 200, headers = {} }: ResponseOptions = {}): RequestListener {
  return respondWith(JSON.stringify(value), { status, headers: { 'Content-Type': 'application/json', ...headers } })
}

/** The headers of a well-known document, besides CORS. */
export const wellKnownHeaders = { 'Content-Type': 'application/json', 'Cache-Control': 'public, max-age=3600' } as const

/** A well-known document, as a healthy site serves it: JSON that can be cached for an hour, with CORS. */
export function wellKnown (document: unknown, { status = 200, headers = {} }: ResponseOptions = {}): RequestListener {
  return json(document, { status, headers: { ...wellKnownHeaders, ...headers } })
}

/** Text, with CORS. */
export function text (body: string, { status = 200, headers = {} }: ResponseOptions = {}): RequestListener {
  return respondWith(body, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers } })
}

/** A page for people, with CORS. */
export function html (body: string, { status = 200, headers = {} }: ResponseOptions = {}): RequestListener {
  const page = `<!DOCTYPE html>\n<html><body>${body}</body></html>\n`
  return respondWith(page, { status, headers: { 'Content-Type': 'text/html; charset=utf-8', ...headers } })
}

/** A Matrix error, with CORS. */
export function matrixError (status: number, errcode: string, error = 'No'): RequestListener {
  return json({ errcode, error }, { status })
}

/** A redirect, with CORS. The location may be relative. */
export function redirect (location: string, { status = 302, headers = {} }: ResponseOptions = {}): RequestListener {
  return respondWith('', { status, headers: { Location: location, ...headers } })
}

/** The response to OPTIONS: only CORS. */
export function preflight ({ status = 204, headers = {} }: ResponseOptions = {}): RequestListener {
  return (_request, response) => {
    writeHead(response, status, { ...cors, ...headers })
    response.end()
  }
}

export function writeHead (response: ServerResponse, status: number, headers: Headers): void {
  response.statusCode = status
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) response.setHeader(name, value)
  }
}
