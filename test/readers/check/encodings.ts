import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'

export const byteOrderMark = '\ufeff'

export function asLatin1 (body: string): Buffer {
  return Buffer.from(body, 'latin1')
}

export function asUtf16 (body: string): Buffer {
  return Buffer.from(byteOrderMark + body, 'utf16le')
}

export const asGzip = (body: string): Buffer => gzipSync(body)
export const asDeflate = (body: string): Buffer => deflateSync(body)
export const asBrotli = (body: string): Buffer => brotliCompressSync(body)

/** Adds spaces up to a number of bytes. */
export function ofSize (size: number): (body: string) => Buffer {
  return body => Buffer.concat([Buffer.from(body), Buffer.alloc(size - Buffer.byteLength(body), ' ')])
}
