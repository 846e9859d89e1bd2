import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import t from 'tap'
import { decodeBody } from '../../../src/check/network/content-encoding.ts'
import { maxBodySize } from '../../../src/check/network/peer.ts'

const plain = '{"m.server":"matrix.example.com:443"}'

function decode (body: string | Buffer, ...encodings: string[]): string | undefined {
  const headers = encodings.map(value => ['content-encoding', value] as const)
  return decodeBody({ status: 200, headers, body: Buffer.from(body), truncated: false })?.toString()
}

t.test('decodes what a Content-Encoding names', async t => {
  t.equal(decode(plain), plain)
  t.equal(decode(plain, 'identity'), plain)
  t.equal(decode(plain, ''), plain)
  t.equal(decode(gzipSync(plain), 'gzip'), plain)
  t.equal(decode(gzipSync(plain), ' GZIP '), plain)
  t.equal(decode(gzipSync(plain), 'x-gzip'), plain)
  t.equal(decode(deflateSync(plain), 'deflate'), plain)
  t.equal(decode(brotliCompressSync(plain), 'br'), plain)
})

t.test('decodes two encodings, the last one first', async t => {
  t.equal(decode(brotliCompressSync(gzipSync(plain)), 'gzip, br'), plain)
  t.equal(decode(brotliCompressSync(gzipSync(plain)), 'gzip', 'br'), plain)
  t.equal(decode(brotliCompressSync(gzipSync(plain)), 'br, gzip'), undefined)
})

t.test("refuses what it can't decode", async t => {
  t.equal(decode(plain, 'zstd'), undefined, 'an unknown encoding')
  t.equal(decode(plain, 'constructor'), undefined, 'the name of a property of every object')
  t.equal(decode(plain, 'gzip'), undefined, "a body that isn't encoded")
  t.equal(decode(gzipSync(gzipSync(gzipSync(plain))), 'gzip, gzip, gzip'), undefined, 'three encodings')
  t.equal(decode(gzipSync(Buffer.alloc(maxBodySize)), 'gzip')?.length, maxBodySize)
  t.equal(decode(gzipSync(Buffer.alloc(maxBodySize + 1)), 'gzip'), undefined, 'a body that is too large')
})
