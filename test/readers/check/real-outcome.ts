import { readFileSync } from 'node:fs'
import http from 'node:http'
import type { IncomingMessage } from 'node:http'
import https from 'node:https'
import { property } from '../../../src/matrix/json-object.ts'
import type { Reading } from '../reader.ts'

type RealOutcome = 'works' | 'asks' | 'fails'

/**
 * What a real reader achieved, in the terms of a report.
 *
 * @param authority the file with the certificate to trust.
 */
export async function realOutcome (reader: string, { error, value }: Reading, authority: string): Promise<RealOutcome> {
  if (error !== undefined) return 'fails'
  switch (reader) {
    case 'Synapse':
      return value.error === null ? 'works' : 'fails'
    case 'ruma':
      // It only reads the document; matrix-rust-sdk asks the homeserver next.
      return await isHomeserver(String(value.homeserver), authority) ? 'works' : 'fails'
    default:
      return outcomeOfState(value['m.homeserver'])
  }
}

/** matrix-js-sdk's state of the homeserver. */
function outcomeOfState (homeserver: unknown): RealOutcome {
  const state = property(homeserver, 'state')
  if (state === 'SUCCESS') return 'works'
  return state === 'PROMPT' ? 'asks' : 'fails'
}

async function isHomeserver (baseUrl: string, authority: string): Promise<boolean> {
  const { protocol, hostname, port, pathname } = new URL(baseUrl)
  if (protocol !== 'https:' && protocol !== 'http:') return false
  const path = `${pathname.replace(/\/$/, '')}/_matrix/client/versions`
  const options = { host: hostname.replace(/^\[|\]$/g, ''), port, path }
  const response = await new Promise<IncomingMessage | undefined>(resolve => {
    const request = protocol === 'http:'
      ? http.request(options)
      : https.request({ ...options, ca: readFileSync(authority) })
    request.once('response', resolve).once('error', () => { resolve(undefined) }).end()
  })
  response?.resume()
  return response?.statusCode === 200
}
