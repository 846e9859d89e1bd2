import type { Response } from './peer.ts'

/** The values of a header, each line of it one. */
export function valuesOf (response: Response, header: string): string[] {
  return response.headers.filter(([name]) => name === header).map(([, value]) => value)
}

/** Where an answer sends its reader; undefined where it is no redirect. */
export function redirectOf (response: Response | undefined): string | undefined {
  if (response === undefined || ![301, 302, 303, 307, 308].includes(response.status)) return undefined
  return valuesOf(response, 'location')[0]
}

/** Whether a browser lets any page read an answer: exactly one `Access-Control-Allow-Origin`, for all or for who asked. */
export function allowsOrigin (response: Response, origin: string): boolean {
  const [value, ...more] = valuesOf(response, 'access-control-allow-origin')
  return more.length === 0 && (value === '*' || value === origin)
}
