import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { maxBodySize } from './peer.ts'
import type { Response } from './peer.ts'
import { valuesOf } from './response-headers.ts'

const decoders: Readonly<Record<string, (body: Buffer, options: { maxOutputLength: number }) => Buffer>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync
}

/**
 * The body of a response without its Content-Encoding, as browsers and most libraries see it.
 *
 * @returns undefined if it can't be decoded, is not encoded as it says, or is larger than `maxBodySize`.
 */
export function decodeBody (response: Response): Buffer | undefined {
  const encodings = valuesOf(response, 'content-encoding').join(',').toLowerCase().split(',')
    .map(name => name.trim()).filter(name => name !== '' && name !== 'identity')
  let { body } = response
  // The last one was applied last. More than two are an attack.
  for (const encoding of encodings.slice(-2).reverse()) {
    const decode = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined
    if (decode === undefined) return undefined
    try {
      body = decode(body, { maxOutputLength: maxBodySize })
    } catch {
      return undefined
    }
  }
  return encodings.length > 2 ? undefined : body
}
