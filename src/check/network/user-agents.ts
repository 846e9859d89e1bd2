import { origin } from './preflight.ts'

/** Who a request claims to come from. Some sites respond to one and block the other. */
export type UserAgent = 'server' | 'browser'

const userAgents: Readonly<Record<UserAgent, string>> = {
  server: 'Synapse/1.150.0 (compatible; matrix-well-known)',
  browser: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 ' +
    'matrix-well-known'
}

/** Synapse asks for no compression. */
export function requestHeaders (userAgent: UserAgent): Record<string, string> {
  const headers = { 'User-Agent': userAgents[userAgent], Accept: '*/*' }
  return userAgent === 'server' ? headers : { ...headers, 'Accept-Encoding': 'gzip, deflate, br', Origin: origin }
}

/** With these, a browser asks whether a script may send a request with JSON and an access token. */
export function preflightHeaders (): Record<string, string> {
  return {
    ...requestHeaders('browser'),
    'Access-Control-Request-Method': 'PUT',
    'Access-Control-Request-Headers': 'authorization,content-type'
  }
}
