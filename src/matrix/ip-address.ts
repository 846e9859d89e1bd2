/**
 * The version of an IP address: 4 or 6, or 0 for any other text. No zone, no brackets, and no other notation of IPv4.
 *
 * Edge runtimes have no `node:net`, but every runtime has the URL parser of the WHATWG.
 */
export function ipVersion (text: string): 0 | 4 | 6 {
  if (isIpv4(text)) return 4
  return isIpv6(text) ? 6 : 0
}

export function isIpv4 (text: string): boolean {
  // A URL parser accepts other notations too, but always writes this one.
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && hostnameOf(text) === text
}

/** Without brackets. */
export function isIpv6 (text: string): boolean {
  return /^[0-9a-f:.]{2,45}$/i.test(text) && hostnameOf(`[${text}]`) !== undefined
}

/** A host as a URL parser writes it; undefined if the parser refuses it. */
export function hostnameOf (host: string): string | undefined {
  const url = `http://${host}`
  return URL.canParse(url) ? new URL(url).hostname : undefined
}

/**
 * Whether a text is a loopback, private, shared or link-local address, which the outside can't reach.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry/
 */
export function isPrivateAddress (address: string): boolean {
  if (isIpv4(address)) {
    return /^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./.test(address)
  }
  // The URL parser writes an IPv6 address in its shortest form, and an IPv4 address in it as hexadecimal digits.
  const shortest = hostnameOf(`[${address}]`) ?? ''
  const [, high = '', low = ''] = /^\[::ffff:([0-9a-f]+):([0-9a-f]+)\]$/.exec(shortest) ?? []
  if (high === '') return /^\[(::1?\]|f[cd][\da-f]{2}:|fe[89ab][\da-f]:)/.test(shortest)
  const [first, second] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return isPrivateAddress([first >> 8, first & 255, second >> 8, second & 255].join('.'))
}
