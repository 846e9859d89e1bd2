import type { PassThrough } from 'node:stream'

/** All that has been written since the last time. Node 26 returns one chunk for each call of `read`. */
export function readAll (stream: PassThrough): string {
  const chunks: string[] = []
  for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) chunks.push(String(chunk))
  return chunks.join('')
}
