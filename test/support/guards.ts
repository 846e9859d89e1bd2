import type { RequestListener } from 'node:http'
import { cors, html, withoutCors } from './responses.ts'

/** Cloudflare's challenge, which only a browser with JavaScript passes. */
export function botChallenge (): RequestListener {
  return html('<h1>Just a moment...</h1><noscript>Enable JavaScript and cookies to continue</noscript>', {
    status: 403,
    headers: {
      ...withoutCors,
      Server: 'cloudflare',
      'cf-mitigated': 'challenge',
      'CF-RAY': '8d0000000000abcd-AMS',
      'Cache-Control': 'private, max-age=0, no-store'
    }
  })
}

const forbidden = html('<h1>403 Forbidden</h1>', { status: 403, headers: { ...withoutCors, Server: 'nginx' } })

/** `location ~ /\. { deny all; }`, meant for .git and .htaccess. */
export function forbidDotPaths (site: RequestListener): RequestListener {
  return (request, response) => (request.url?.includes('/.') === true ? forbidden : site)(request, response)
}

/** Lets only clients pass that identify themselves as browsers. */
export function blockUserAgents (site: RequestListener): RequestListener {
  return (request, response) => {
    const isBrowser = request.headers['user-agent']?.startsWith('Mozilla/') === true
    const handle = isBrowser ? site : forbidden
    handle(request, response)
  }
}

/** Closes each connection instead of responding to a second request on it, without having announced that. */
export function closeUnannounced (site: RequestListener): RequestListener {
  const used = new WeakSet()
  return (request, response) => {
    if (used.has(request.socket)) {
      request.socket.destroy()
    } else {
      used.add(request.socket)
      site(request, response)
    }
  }
}

/** The statuses to which nginx's add_header applies without `always`. */
const goodStatuses = [200, 201, 204, 206, 301, 302, 303, 304, 307, 308]

/** CORS by nginx's add_header without `always`: a 404 has no CORS headers. */
export function corsWithoutAlways (site: RequestListener): RequestListener {
  return (request, response) => {
    const writeHead = response.writeHead.bind(response)
    // Node calls it for every response if the site doesn't, and in these tests it never does.
    response.writeHead = (status: number) => {
      if (!goodStatuses.includes(status)) for (const name of Object.keys(cors)) response.removeHeader(name)
      return writeHead(status)
    }
    site(request, response)
  }
}
