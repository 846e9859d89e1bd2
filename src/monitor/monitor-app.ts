import fastify from 'fastify'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { contentSecurityPolicy } from '../check/report/html/page-frame.ts'
import { refuseQueuedRequests } from '../metrics/queued-requests.ts'
import { measureProcess } from '../metrics/process-metrics.ts'
import { contentType, renderMetrics } from '../metrics/text-format.ts'
import type { Metric } from '../metrics/text-format.ts'
import { measureNames } from './name-metrics.ts'
import { renderNamePage } from './name-page.ts'
import type { NameWatch } from './name-watch.ts'
import { renderOverview } from './overview.ts'
import { probe, ProbeError } from './probe.ts'

export interface MonitorAppOptions {
  readonly watch: NameWatch
  /** Of this program. */
  readonly version: string
}

/** For people and scrapers in a network of one's own; times in milliseconds. */
const limits = { maxConnections: 200, requestTimeout: 15_000, connectionTimeout: 120_000, keepAliveTimeout: 75_000 }

const pageHeaders = {
  'Cache-Control': 'no-store',
  // A policy in a page can't have the last directive.
  'Content-Security-Policy': `${contentSecurityPolicy}; frame-ancestors 'none'`,
  'Content-Type': 'text/html; charset=utf-8',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff'
}

/** The monitor's pages and metrics. It doesn't listen yet. */
export function buildMonitorApp ({ watch, version }: MonitorAppOptions): FastifyInstance {
  const { maxConnections, ...timeouts } = limits
  const app = fastify({ logger: false, forceCloseConnections: true, ...timeouts })
  app.server.maxConnections = maxConnections
  refuseQueuedRequests(app)

  app.get('/', async (_request, reply) => sendPage(reply, renderOverview(watch.states, version)))
  app.get<{ Params: { name: string } }>('/names/:name', async ({ params: { name } }, reply) => {
    const state = watch.find(name)
    if (state === undefined) return sendText(reply, 404, "This name isn't monitored. All names are at /")
    return sendPage(reply, renderNamePage(state, version))
  })
  app.get('/metrics', async (_request, reply) =>
    sendMetrics(reply, [...measureNames(watch.states), ...measureProcess(version)]))
  app.get<{ Querystring: Record<string, unknown> }>('/probe', async ({ query, headers }, reply) =>
    sendMetrics(reply, await probe(watch, query.target, headers['x-prometheus-scrape-timeout-seconds'])))
  app.get('/health', async (_request, reply) => reply.header('Cache-Control', 'no-store').send({ status: 'ok' }))
  app.setNotFoundHandler(({ method }, reply) => {
    if (method === 'GET' || method === 'HEAD') {
      return sendText(reply, 404, 'All names are at /, the metrics at /metrics, and a probe at /probe?target=…')
    }
    return sendText(reply.header('Allow', 'GET, HEAD'), 405, 'Only GET and HEAD are supported')
  })
  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof ProbeError)) throw error
    sendText(reply, 400, error.message)
  })
  return app
}

function sendPage (reply: FastifyReply, page: string): FastifyReply {
  return reply.headers(pageHeaders).send(page)
}

function sendMetrics (reply: FastifyReply, metrics: readonly Metric[]): FastifyReply {
  return reply.header('Cache-Control', 'no-store').type(contentType).send(renderMetrics(metrics))
}

function sendText (reply: FastifyReply, status: number, text: string): FastifyReply {
  const headers = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }
  return reply.code(status).headers(headers).type('text/plain; charset=utf-8').send(`${text}\n`)
}
