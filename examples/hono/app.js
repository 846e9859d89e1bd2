// npm install hono @hono/node-server matrix-well-known
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { loadSite, respond } from 'matrix-well-known/site'

// Throws if a setting in the environment is wrong.
const site = loadSite(process.env)
const app = new Hono()

app.all('/.well-known/matrix/*', ({ req }) => {
  const { status, headers, body } = respond(site, { method: req.method, path: req.path, headers: req.header() })
  // With status 204 and 304, a Response can't have an empty string as its body.
  return new Response(body || null, { status, headers })
})
app.get('/', context => context.text('Welcome'))

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) }, ({ port }) => {
  console.log(`listening at http://localhost:${port}/`)
})
