/** Whether a host name is only known within a network, as far as it shows: one word, or a domain for local use. */
export function isLocalName (host: string): boolean {
  return !host.includes('.') || /\.(?:local|internal|localhost|lan|home\.arpa)$/i.test(host)
}
