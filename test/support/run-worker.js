// Runs a bundled Worker in workerd, Cloudflare's runtime: node run-worker.js FILE
import { Miniflare } from 'miniflare'

const runtime = new Miniflare({
  modules: true,
  scriptPath: process.argv[2],
  compatibilityDate: '2026-01-01',
  compatibilityFlags: ['nodejs_compat'],
  port: 0
})
process.once('SIGTERM', () => { runtime.dispose() })
console.log(`listening at ${await runtime.ready}`)
