import fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import { refuseQueuedRequests } from '../metrics/queued-requests.ts'
import { measureProcess } from '../metrics/process-metrics.ts'
import { buildGauge, contentType, renderMetrics } from '../metrics/text-format.ts'
import type { Metric } from '../metrics/text-format.ts'
import { limits } from './limits.ts'
import type { RequestCounts } from './request-counts.ts'
import { withoutSchemas } from './without-schemas.ts'

/** What the last load of the sites has led to. */
export interface SitesState {
  readonly sites: number
  /** Files with a fault, whether an earlier version of the site is served or not. */
  readonly faulty: number
  readonly lastReloadSuccessful: boolean
  /** When a load last succeeded, in milliseconds since 1970. */
  readonly lastSuccess: number
}

export interface MetricsSource {
  readonly version: string
  readonly requests: RequestCounts
  readonly countConnections: () => Promise<number>
  readonly sites: () => SitesState
}

/** An application of its own for `/metrics`, so that the port of the documents doesn't have it. */
export function buildMetricsApp (source: MetricsSource): FastifyInstance {
  const app = fastify({
    schemaController: withoutSchemas,
    logger: false,
    forceCloseConnections: true,
    connectionTimeout: limits.connectionTimeout,
    keepAliveTimeout: limits.keepAliveTimeout,
    requestTimeout: limits.requestTimeout
  })
  app.server.maxConnections = maxConnections
  refuseQueuedRequests(app)
  app.get('/metrics', async (_request, reply) =>
    await reply.header('Cache-Control', 'no-store').type(contentType).send(renderMetrics(await collect(source))))
  app.setNotFoundHandler((_request, reply) => {
    reply.code(404).type('text/plain; charset=utf-8').send('The metrics are at /metrics\n')
  })
  return app
}

/** A few scrapers; more would only take memory from those who read the documents. */
const maxConnections = 20

async function collect ({ version, requests, countConnections, sites }: MetricsSource): Promise<Metric[]> {
  const { sites: count, faulty, lastReloadSuccessful, lastSuccess } = sites()
  return [
    {
      name: 'matrix_well_known_requests_total',
      help: 'Responses, by document ("other" for any other path) and status.',
      type: 'counter',
      samples: requests.list().map(({ document, status, count: value }) =>
        ({ labels: { document, status: String(status) }, value }))
    },
    buildGauge('matrix_well_known_connections', 'Open connections.', await countConnections()),
    buildGauge('matrix_well_known_sites', 'Sites that are served.', count),
    buildGauge('matrix_well_known_faulty_sites', 'Files of sites that have a fault.', faulty),
    buildGauge('matrix_well_known_config_last_reload_successful', 'Whether the last load of the sites found no fault.',
      Number(lastReloadSuccessful)),
    buildGauge('matrix_well_known_config_last_reload_success_timestamp_seconds',
      'When a load of the sites last found no fault.', lastSuccess / 1000),
    ...measureProcess(version)
  ]
}
