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
  try {
    return new URL(`http://${host}`).hostname
  } catch {
    return undefined
  }
}
