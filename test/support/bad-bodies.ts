import type { RequestListener } from 'node:http'
import { answer, cors, html, wellKnown, wellKnownHeaders, writeHead } from './answers.ts'
import { resetConnection } from './tls-host.ts'

const documentHeaders = { ...cors, ...wellKnownHeaders }

/** Promises a thousand bytes, sends a few, and resets the connection. */
export function resetInBody (): RequestListener {
  return (request, response) => {
    writeHead(response, 200, { ...documentHeaders, 'Content-Length': '1000' })
    // A reset on the heels of the bytes looks like an end to libuv, which reads them first.
    response.write('{"m.server":', () => setTimeout(() => resetConnection(request.socket), 50))
  }
}

/** Ends the connection properly, but before all that was promised is sent. */
export function cutBody (): RequestListener {
  return (request, response) => {
    writeHead(response, 200, { ...documentHeaders, 'Content-Length': '1000' })
    response.write('{"m.server":', () => request.socket.end())
  }
}

/** A byte of white space every 100 ms, for ever: never idle, never done. */
export function slowDrip (): RequestListener {
  return (_request, response) => {
    writeHead(response, 200, documentHeaders)
    response.flushHeaders()
    const timer = setInterval(() => response.write(' '), 100)
    response.once('close', () => clearInterval(timer))
  }
}

/** Sends the head of an answer and no body, for ever. */
export function noBody (): RequestListener {
  return (_request, response) => {
    writeHead(response, 200, documentHeaders)
    response.flushHeaders()
  }
}

/** Takes the request and never answers. */
export function noAnswer (): RequestListener {
  return () => {}
}

/** JSON without an end, as fast as it is read. */
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

/** Redirects to the same path with a new query, for ever. */
export function endlessRedirects (): RequestListener {
  return (request, response) => {
    const [path, query = '0'] = request.url?.split('?') ?? []
    writeHead(response, 302, { ...cors, Location: `${path}?${Number(query) + 1}` })
    response.end()
  }
}

/** The object with one string more, that was saved as Latin-1. */
export function invalidUtf8 (value: object): RequestListener {
  return answer(Buffer.from(JSON.stringify({ ...value, 'com.example.name': 'café' }), 'latin1'), { headers: wellKnownHeaders })
}

/** JSON behind a byte order mark, as some editors of Windows save it. */
export function byteOrderMark (value: unknown): RequestListener {
  return answer(`\uFEFF${JSON.stringify(value)}`, { headers: wellKnownHeaders })
}

/** The object with one key more, an array in an array in an array… Below 25,000 levels, readers' limits of size let it pass. */
export function deeplyNested (value: object, levels = 100_000): RequestListener {
  const nested = '['.repeat(levels) + ']'.repeat(levels)
  return answer(JSON.stringify({ ...value, 'com.example.deep': 0 }).replace(/0}$/, `${nested}}`), { headers: wellKnownHeaders })
}

/** JSON with something after it, as a proxy or a debug bar adds. */
export function trailingJunk (value: unknown): RequestListener {
  return answer(`${JSON.stringify(value)}\n<!-- Served from cache -->\n`, { headers: wellKnownHeaders })
}

/** JSON with a second Content-Type, as nginx sends it where a location adds one. */
export function twoContentTypes (value: unknown): RequestListener {
  return wellKnown(value, { headers: { 'Content-Type': ['text/plain', 'application/json'] } })
}

/** What a single-page application answers to everything. */
export function catchAllPage (): RequestListener {
  return html('<div id="app"></div><script src="/app.js"></script>', { headers: { 'Cache-Control': 'public, max-age=3600' } })
}
