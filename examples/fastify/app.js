// npm install matrix-well-known && npm install fastify
import Fastify from 'fastify'
import { matrixWellKnown } from 'matrix-well-known/fastify'

const app = Fastify()

// Throws if a setting in the environment is wrong. All hooks of the app run for the documents, too.
await app.register(matrixWellKnown, { environment: process.env })
app.get('/', async () => 'Welcome')

await app.listen({ port: Number(process.env.PORT ?? 3000) })
console.log(`listening at ${app.listeningOrigin}/`)
