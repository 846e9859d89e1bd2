import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { escapeUnseen } from '../../matrix/printable.ts'

/** Writes the line of a request that LOG_REQUESTS asks for. */
export function logRequest (log: Logger, request: FastifyRequest, reply: FastifyReply): void {
  log.info({
    method: request.method,
    path: shorten(request.url),
    status: reply.raw.statusCode,
    responseTime: reply.elapsedTime,
    client: plainAddress(request.ip)
  }, 'request')
}

/**
 * An IPv4 address as people know it: Node writes ::ffff:192.0.2.1 where one socket serves IPv6 as well. A client that
 * X-Forwarded-For tells of can be any text, and JSON does not escape all that a terminal obeys.
 */
export function plainAddress (address: string | undefined): string | undefined {
  return address && escapeUnseen(address.replace(/^::ffff:(?=\d+\.)/, '').slice(0, 60))
}

/** The path of a request target, without what may stand around it. */
export function pathOf (target: string): string {
  const path = target.startsWith('/') ? target : target.replace(/^[a-z]+:\/\/[^/?]*/i, '')
  const end = path.indexOf('?')
  return end < 0 ? path : path.slice(0, end)
}

/** The same, cut where it is long. */
export function shorten (target: string): string {
  const path = pathOf(target)
  return path.length > 200 ? `${path.slice(0, 200)}…` : path
}
