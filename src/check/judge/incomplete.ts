import { maxBodySize } from '../network/peer.ts'
import type { Exchange, Response } from '../network/peer.ts'

/** Why an answer did not come in whole; undefined where it did. */
export function whyIncomplete ({ response, failure }: Pick<Exchange, 'response' | 'failure'>): string | undefined {
  if (response?.truncated === true) return `the answer is longer than ${maxBodySize.toLocaleString('en')} bytes`
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
