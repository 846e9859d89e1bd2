/** Who asks: a homeserver or a browser. Some sites answer one and turn the other away. */
export type Reader = 'server' | 'browser'

/** The page that a browser's requests come from; a name that nobody has. */
export const origin = 'https://client.invalid'

const userAgents: Readonly<Record<Reader, string>> = {
  server: 'Synapse/1.150.0 (compatible; matrix-well-known)',
  browser: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 matrix-well-known'
}

export function headersOf (reader: Reader): Record<string, string> {
  return { 'User-Agent': userAgents[reader], Accept: '*/*', ...reader === 'browser' && { Origin: origin } }
}

/** A browser's question whether a script may send a request with JSON and an access token. */
export function preflightHeaders (): Record<string, string> {
  return { ...headersOf('browser'), 'Access-Control-Request-Method': 'PUT', 'Access-Control-Request-Headers': 'authorization,content-type' }
}
