import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { DocumentName } from './reader.ts'

export interface DocumentResponse {
  readonly status: number
  readonly headers: ReadonlyArray<readonly [string, string]>
  readonly body: Buffer
}

/** Fetches a document over TLS from where the specification says: the server name without its port. */
export async function fetchDocument (
  serverName: string, document: DocumentName, authority: string
): Promise<DocumentResponse> {
  const host = serverName.replace(/:\d+$/, '')
  const address = host.replace(/^\[|\]$/g, '')
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({
      ca: readFileSync(authority),
      host: address,
      path: `/.well-known/matrix/${document}`,
      headers: { Host: host },
      ...isIP(address) === 0 ? { servername: address } : {}
    }, resolve).once('error', reject).end()
  })
  const body = Buffer.concat(await response.toArray())
  const headers = Object.entries(response.headersDistinct)
    .flatMap(([name, values = []]) => values.map(value => [name, value] as const))
  return { status: response.statusCode ?? NaN, headers, body }
}
