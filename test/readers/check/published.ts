import type { Headers } from '../../support/responses.ts'
import type { DnsRecords } from '../../support/dns-server.ts'

/**
 * What a server name publishes at the path of a document. In the body, the headers and the records, `example.com` is
 * replaced by the server name, 192.0.2.1 and 2001:db8::1 by addresses of its homeserver.
 */
export interface Published {
  readonly title: string
  /** 200 by default. */
  readonly status?: number
  /** Added to JSON's Content-Type and CORS, which they override. */
  readonly headers?: Headers
  readonly body: string
  /** Turns the body into the bytes that are sent: UTF-8 by default. */
  readonly encode?: (body: string) => Buffer
  /** How long the response takes, in milliseconds. */
  readonly delay?: number
  /** What is at the end of redirects, which are at /hop/N on each host: N more of them. */
  readonly target?: Omit<Published, 'title' | 'target'>
  /** What the homeserver responds to /versions. */
  readonly versions?: Omit<Published, 'title' | 'target'>
  /** What DNS has besides addresses. */
  readonly records?: DnsRecords
  /** Whether ruma can't see what decides: it is given the response of the server name, and nothing else. */
  readonly isBeyondRuma?: true
}
