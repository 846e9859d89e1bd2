import { greatestBodySize } from './network/peer.ts'
import type { Exchange, Response } from './network/peer.ts'

/** The values of a header, each line of it one. */
export function valuesOf (response: Response, header: string): string[] {
  return response.headers.filter(([name]) => name === header).map(([, value]) => value)
}

/** Why an answer did not come in whole; undefined where it did. */
export function whyIncomplete ({ response, failure }: Pick<Exchange, 'response' | 'failure'>): string | undefined {
  if (response?.truncated === true) return `the answer is longer than ${greatestBodySize.toLocaleString('en')} bytes`
  if (failure === undefined) return undefined
  return failure.kind === 'timeout' ? 'the answer does not come to its end in time' : `the answer breaks off after ${response?.body.length} bytes`
}

/** What to change where an answer does not come in whole. */
export const lookBetween = 'See what the log of the server there says, and what lies between.'

/** What is wrong with an answer besides its status: how it ends, or that it is another than it should be. */
export function describeFault ({ status }: Response, incomplete: string | undefined, other: string): string {
  if (incomplete !== undefined) return `, but ${incomplete}`
  return status === 200 ? `, and ${other}` : ''
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
