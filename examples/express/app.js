// npm install express matrix-well-known
import express from 'express'
import { loadSite, respond } from 'matrix-well-known/site'

// Throws if a setting in the environment is wrong.
const site = loadSite(process.env)
const app = express()

// Before middleware that changes responses or authenticates requests.
app.use('/.well-known/matrix', ({ method, originalUrl: path, headers }, response) => {
  const { status, headers: responseHeaders, body } = respond(site, { method, path, headers })
  response.writeHead(status, responseHeaders).end(body)
})
app.get('/', (request, response) => { response.send('Welcome') })

const server = app.listen(process.env.PORT ?? 3000, error => {
  // Express 5 reports here that it can't listen.
  if (error) throw error
  console.log(`listening at http://localhost:${server.address().port}/`)
})
