import { once } from 'node:events'
import { get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { path } from './settings.ts'

/** The answer that every server gives. */
export interface Answer {
  readonly status: number
  /** Names and values in turn. */
  readonly headers: readonly string[]
  readonly body: string
}

/** Each server has its own way with these. */
const ownHeaders = new Set(['date', 'server', 'connection', 'keep-alive', 'vary', 'transfer-encoding'])

/** Asks a server for its answer, without the headers that each has in its own way. */
export async function readAnswer (port: number): Promise<Answer> {
  const [response] = await once(get({ host: '127.0.0.1', port, path, agent: false, headers: { Host: 'example.com' } }), 'response') as [IncomingMessage]
  const headers: string[] = []
  for (let i = 0; i < response.rawHeaders.length; i += 2) {
    const [name = '', value = ''] = response.rawHeaders.slice(i, i + 2)
    if (!ownHeaders.has(name.toLowerCase())) headers.push(name, value)
  }
  return { status: response.statusCode ?? 0, headers, body: await text(response) }
}

/** @throws {Error} when a server does not answer as the sidecar does. */
export function assertSame (name: string, actual: Answer, expected: Answer): void {
  const [left, right] = [normalise(actual), normalise(expected)]
  if (left !== right) throw new Error(`${name} does not answer as the sidecar does:\n${left}\nin place of\n${right}`)
}

/** In any order, in any case; Fastify appends a charset to JSON. */
function normalise ({ status, headers, body }: Answer): string {
  const lines: string[] = []
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]?.toLowerCase()}: ${headers[i + 1]?.replace('; charset=utf-8', '')}`)
  return [String(status), ...lines.toSorted(), body].join('\n')
}
