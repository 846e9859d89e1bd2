// What one writes first: an object to be serialised, CORS by its plugin, and Fastify's own log of requests.
import cors from '@fastify/cors'
import fastify from 'fastify'

const { port, answer } = JSON.parse(process.argv[2])
const document = JSON.parse(answer.body)
const headers = {}
for (let i = 0; i < answer.headers.length; i += 2) {
  // Fastify counts the body itself, and the plugin has the origin.
  if (!['content-length', 'access-control-allow-origin'].includes(answer.headers[i].toLowerCase())) headers[answer.headers[i]] = answer.headers[i + 1]
}

const app = fastify({ logger: true })
await app.register(cors)
app.get('/.well-known/matrix/server', async (_request, reply) => {
  reply.headers(headers)
  return document
})
await app.listen({ port, host: '127.0.0.1' })
