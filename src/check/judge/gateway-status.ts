/** What a proxy says about the server behind it, and what to do. */
interface Explanation {
  readonly what: string
  readonly fix: string
}

const checkAddress = "Start that server, let Cloudflare's addresses through its firewall, and check its address in " +
  "Cloudflare's DNS settings."

/**
 * The statuses that only Cloudflare sends.
 *
 * @see https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/
 */
const cloudflareStatuses: ReadonlyMap<number, Explanation> = new Map([
  [520, {
    what: 'Cloudflare gets an empty or unreadable response from the server behind it',
    fix: 'Read the log of that server.'
  }],
  [521, { what: 'the server behind Cloudflare refuses connections', fix: checkAddress }],
  [522, { what: 'connections from Cloudflare to the server behind it time out', fix: checkAddress }],
  [523, { what: 'Cloudflare has no route to the server behind it', fix: checkAddress }],
  [524, {
    what: 'the server behind Cloudflare takes too long to respond',
    fix: 'Check whether the service there is hanging.'
  }],
  [525, {
    what: 'the TLS handshake between Cloudflare and the server behind it fails',
    fix: 'Enable TLS on port 443 of that server, with a certificate for this name.'
  }],
  [526, {
    what: "Cloudflare doesn't trust the certificate of the server behind it",
    fix: 'Install a valid certificate on that server. An origin certificate of Cloudflare will do.'
  }],
  [530, {
    what: "Cloudflare doesn't find the server behind it",
    fix: 'Start cloudflared, if a tunnel leads to that server; otherwise check its address in the DNS settings of ' +
      'Cloudflare.'
  }]
])

/** Whether a status is that of a proxy that gets no response. */
export function isFromGateway (status: number | undefined): boolean {
  if (status === undefined) return false
  return status === 502 || status === 503 || status === 504 || cloudflareStatuses.has(status)
}

/** What Cloudflare says with a status; undefined if others send it, too. */
export function explainGateway (status: number): Explanation | undefined {
  return cloudflareStatuses.get(status)
}
