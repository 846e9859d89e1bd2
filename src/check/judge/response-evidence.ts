import { decodeBody } from '../network/content-encoding.ts'
import type { Response } from '../network/peer.ts'
import { valuesOf } from '../network/response-headers.ts'

/** Headers that show where a response came from. */
const telling = ['content-type', 'server', 'via', 'age', 'last-modified', 'x-cache', 'cf-cache-status', 'cf-mitigated']

/** What shows where a response came from, and how it begins. */
export function describeResponse (response: Response): Record<string, unknown> {
  const headers = telling.flatMap(name => {
    const values = valuesOf(response, name)
    return values.length === 0 ? [] : [[name, values.join(', ')] as const]
  })
  return {
    status: response.status,
    ...Object.fromEntries(headers),
    bytes: response.body.length,
    begins: beginningOf(response)
  }
}

/** How the body of a response begins, as text. */
export function beginningOf (response: Response): string {
  return (decodeBody(response) ?? response.body).subarray(0, 200).toString()
}
