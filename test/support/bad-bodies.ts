import type { RequestListener } from 'node:http'
import { respondWith, cors, html, wellKnown, wellKnownHeaders, writeHead } from './responses.ts'
import { resetConnection } from './tls-host.ts'

const documentHeaders = { ...cors, ...wellKnownHeaders }

/** Promises a thousand bytes, sends a few, and resets the connection. */
export function resetInBody (): RequestListener {
  return (request, response) => {
    writeHead(response, 200, { ...documentHeaders, 'Content-Length': '1000' })
    // If the reset followed the bytes immediately, libuv would see a normal end.
    response.write('{"m.server":', () => setTimeout(() => resetConnection(request.socket), 50))
  }
}

/** Closes the connection normally, but before the whole body is sent. */
export function cutBody (): RequestListener {
  return (request, response) => {
    writeHead(response, 200, { ...documentHeaders, 'Content-Length': '1000' })
    response.write('{"m.server":', () => request.socket.end())
  }
}

/** Sends a byte of white space every 100 ms, forever: never idle, never done. */
export function slowDrip (): RequestListener {
  return (_request, response) => {
    writeHead(response, 200, documentHeaders)
    response.flushHeaders()
    const timer = setInterval(() => response.write(' '), 100)
    response.once('close', () => clearInterval(timer))
  }
}

/** Sends the headers of a response, but never its body. */
export function noBody (): RequestListener {
  return (_request, response) => {
    writeHead(response, 200, documentHeaders)
    response.flushHeaders()
  }
}

/** Accepts the request and never responds. */
export function noResponse (): RequestListener {
  return () => {}
}

/** Endless JSON, as fast as it is read. */
export function endlessBody (): RequestListener {
  const chunk = Buffer.alloc(64 * 1024, '0,')
  return (_request, response) => {
    writeHead(response, 200, documentHeaders)
    response.write('{"m.server":[')
    const fill = (): void => {
      if (response.destroyed) return
      while (response.write(chunk)) { /* until the socket is full */ }
    }
    response.on('drain', fill)
    fill()
  }
}

/** Redirects to the same path with a new query, forever. */
export function endlessRedirects (): RequestListener {
  return (request, response) => {
    const [path, query = '0'] = request.url?.split('?') ?? []
    writeHead(response, 302, { ...cors, Location: `${path}?${Number(query) + 1}` })
    response.end()
  }
}

/** The object with an additional string, saved as Latin-1. */
export function invalidUtf8 (value: object): RequestListener {
  const text = JSON.stringify({ ...value, 'com.example.name': 'café' })
  return respondWith(Buffer.from(text, 'latin1'), { headers: wellKnownHeaders })
}

/** JSON after a byte order mark, as some Windows editors save it. */
export function byteOrderMark (value: unknown): RequestListener {
  return respondWith(`\uFEFF${JSON.stringify(value)}`, { headers: wellKnownHeaders })
}

/** The object with an additional key that contains nested arrays. Below 25,000 levels, it fits readers' size limits. */
export function deeplyNested (value: object, levels = 100_000): RequestListener {
  const nested = '['.repeat(levels) + ']'.repeat(levels)
  const text = JSON.stringify({ ...value, 'com.example.deep': 0 }).replace(/0}$/, `${nested}}`)
  return respondWith(text, { headers: wellKnownHeaders })
}

/** JSON with something after it, such as a proxy or a debug bar adds. */
export function trailingJunk (value: unknown): RequestListener {
  return respondWith(`${JSON.stringify(value)}\n<!-- Served from cache -->\n`, { headers: wellKnownHeaders })
}

/** JSON with a second Content-Type, as nginx sends it where a location adds one. */
export function twoContentTypes (value: unknown): RequestListener {
  return wellKnown(value, { headers: { 'Content-Type': ['text/plain', 'application/json'] } })
}

/** How a single-page application responds to every request. */
export function catchAllPage (): RequestListener {
  const headers = { 'Cache-Control': 'public, max-age=3600' }
  return html('<div id="app"></div><script src="/app.js"></script>', { headers })
}
