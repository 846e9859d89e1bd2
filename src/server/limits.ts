/**
 * All limits of the server. Times are in milliseconds, sizes in bytes. They bound what a stranger can hold: the
 * requests that this server is made for have no body and a few hundred bytes of headers.
 */
export const limits = {
  /** Request line and headers in all; above it 431. Browsers with many cookies on the apex send up to 8 KiB. */
  maxHeaderSize: 16_384,
  /** Header lines; above it 431. Node would drop those beyond its own limit in silence. */
  maxHeaders: 100,
  /** The request target; above it 414. RFC 9110 §4.1 asks for support of 8,000 at least. */
  maxTargetLength: 8_000,
  /** For the headers to arrive, counted from the connection or from the first byte of a later request; then 408. */
  headersTimeout: 10_000,
  /** For headers and body. A body is never looked at: the answer is sent at once, what follows is thrown away. */
  requestTimeout: 15_000,
  /** How often the two above are looked at. */
  connectionsCheckingInterval: 1_000,
  /** For a client to take its answer, and for any other silence within a request. */
  connectionTimeout: 30_000,
  /**
   * For the next request on a connection. It is longer than what proxies keep an idle connection for (nginx 60 s,
   * Traefik 90 s, Caddy 120 s, Google's load balancers 600 s): were it shorter, they would now and then send a
   * request into a connection that is just being closed, and answer 502.
   */
  keepAliveTimeout: 620_000,
  /** For a client whose request could not be read to take the answer and stop sending; at the end, for the log's reader. */
  lingerTimeout: 1_000,
  /** For proxies to notice that the server stops, while it still answers; then idle connections are closed. */
  drainTimeout: 500,
  /** For requests in flight when the server stops; then their connections are closed. */
  closeTimeout: 8_000,
  /** For stopping in all; then the process exits with 1. */
  stopTimeout: 10_000,
  /** What is kept of the log while nobody reads it; then lines are lost. */
  maxLogBacklog: 262_144,
  /** Of the heap, for requests sent ahead and their answers while they wait, on all connections together. */
  maxWaiting: 4_194_304,
  /** Of that, for each, beside what was sent: 3 to 4.6 KiB were measured. */
  heapPerAnswer: 4_096,
  /** Of the heap, for the program and for what comes and goes with a turn, such as 64 KiB of requests sent ahead. */
  heapBase: 25_165_824,
  /** Of the heap, for a connection: what one takes that sends as many headers as it may, and a body that never ends. */
  heapPerConnection: 32_768
} as const
