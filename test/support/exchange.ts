import type { Exchange, Response } from '../../src/check/network/peer.ts'

/** A request to example.com with this response, or a reset. */
export function exchange (response: Response | undefined, milliseconds = 1): Exchange {
  return {
    request: { method: 'GET', target: '/', headers: {} },
    url: 'https://example.com/',
    address: '45.0.0.1',
    port: 443,
    tls: undefined,
    response,
    failure: response === undefined ? { kind: 'reset', phase: 'response', message: 'read ECONNRESET' } : undefined,
    milliseconds
  }
}
