/**
 * All limits of the server. Times are in milliseconds, sizes in bytes. They bound what any client can hold: legitimate
 * requests have no body and a few hundred bytes of headers.
 */
export const limits = {
  /** Request line and headers together; beyond it 431. Browsers with many cookies on the apex send up to 8 KiB. */
  maxHeaderSize: 16_384,
  /** Header lines; beyond it 431. Node would silently drop those beyond its own limit. */
  maxHeaders: 100,
  /** The request target; beyond it 414. RFC 9110 §4.1 recommends at least 8,000. */
  maxTargetLength: 8_000,
  /** For the headers to arrive, from the connection or from the first byte of a later request; then 408. */
  headersTimeout: 10_000,
  /** For headers and body. A body is never read: the response is sent at once, and the rest is discarded. */
  requestTimeout: 15_000,
  /** How often the two above are checked. */
  connectionsCheckingInterval: 1_000,
  /** For a client to read its response, and for any other silence within a request. */
  connectionTimeout: 30_000,
  /**
   * For the next request on a connection. It is longer than proxies keep an idle connection (nginx 60 s, Traefik 90 s,
   * Caddy 120 s, Google's load balancers 600 s). Otherwise they would sometimes send a request on a connection that is
   * just being closed, and respond with 502.
   */
  keepAliveTimeout: 620_000,
  /** For a client whose request was unreadable to read the response; at the end, for the log to be written. */
  lingerTimeout: 1_000,
  /** For proxies to notice that the server stops, while it still responds; then its connections are closed. */
  drainTimeout: 500,
  /** For stopping as a whole; then the process exits with 1. */
  stopTimeout: 10_000,
  /** What is kept of the log while it can't be written; beyond it, lines are dropped. */
  maxLogBacklog: 262_144,
  /** Heap for pipelined requests and their responses while they are queued, on all connections together. */
  maxQueued: 4_194_304,
  /** Heap for each of them, besides what was sent: 3 to 4.6 KiB were measured. */
  heapPerResponse: 4_096,
  /** Heap for each name and each value of their headers, besides its characters. */
  heapPerHeaderText: 40,
  /** Headers and target of a request that counts as queued until its response is sent, even if it is the first. */
  largeRequest: 4_096,
  /** Heap for the program with one site, once all that it needs is compiled: 9 to 13 MB were measured. */
  heapProgram: 14_680_064,
  /**
   * Heap for what exists for one turn of the event loop, and for garbage: 64 KiB are read at a time, and all of the
   * 2,600 pipelined requests in them stay until the next turn. 11 MB were measured.
   */
  heapTurn: 12_582_912,
  /** Heap for a connection: what one takes that sends as many headers as it may, and as many trailers. */
  heapPerConnection: 36_864,
  /** Open connections for which there is room in any heap. */
  minConnections: 16
} as const
