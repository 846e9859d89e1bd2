import type { Response } from './peer.ts'

/** The values of a header, one for each of its lines. */
export function valuesOf (response: Response, header: string): string[] {
  return response.headers.filter(([name]) => name === header).map(([, value]) => value)
}

/** The Location of a redirect; undefined if the response isn't one. */
export function redirectOf (response: Response | undefined): string | undefined {
  if (response === undefined || ![301, 302, 303, 307, 308].includes(response.status)) return undefined
  return valuesOf(response, 'location')[0]
}

/** Whether a browser lets a page of this origin read a response: it needs exactly one Access-Control-Allow-Origin. */
export function allowsOrigin (response: Response, origin: string): boolean {
  const [value, ...more] = valuesOf(response, 'access-control-allow-origin')
  return more.length === 0 && (value === '*' || value === origin)
}
