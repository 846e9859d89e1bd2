import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { maxHostLength } from '../../matrix/host.ts'
import { escapeUnseen } from '../../matrix/printable.ts'
import { shorten } from '../../matrix/short-text.ts'
import { shortenPath } from '../../site/responses.ts'
import { hostOf } from '../request-host.ts'
import { stripOrigin } from '../request-target.ts'

/** In characters: an IPv6 address and its zone. */
const maxAddressLength = 60

/** Writes the line of a request that LOG_REQUESTS asks for. */
export function logRequest (log: Logger, request: FastifyRequest, reply: FastifyReply, withHost: boolean): void {
  log.info({
    method: request.method,
    ...withHost && { host: escapeUnseen(shorten(hostOf(request), maxHostLength)) },
    path: shortenTarget(request.url),
    status: reply.raw.statusCode,
    responseTime: reply.elapsedTime,
    client: plainAddress(request.ip)
  }, 'request')
}

/**
 * An IPv4 address without the prefix that Node adds when one socket serves IPv6 as well (::ffff:192.0.2.1). A client's
 * address from X-Forwarded-For can be any text, and JSON doesn't escape everything that a terminal obeys.
 */
export function plainAddress (address: string | undefined): string | undefined {
  return address && escapeUnseen(shorten(address.replace(/^::ffff:(?=\d+\.)/, ''), maxAddressLength))
}

/** The path of a request target, without origin and query, which may contain secrets; cut if it is long. */
export function shortenTarget (target: string): string {
  return shortenPath(stripOrigin(target))
}
