// npm install matrix-well-known; npx wrangler deploy
import { respond } from 'matrix-well-known/site'
import site from './site.json'

export default {
  fetch ({ method, url, headers: requestHeaders }) {
    const path = new URL(url).pathname
    const { status, headers, body } = respond(site, { method, path, headers: Object.fromEntries(requestHeaders) })
    // With status 204 and 304, a Response can't have an empty string as its body.
    return new Response(body || null, { status, headers })
  }
}
