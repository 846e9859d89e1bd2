/**
 * Encodes the tokens of a text, and joins them to chunks of a limited size, for programs that read only short strings.
 *
 * @param tokens matches all of the text; what must be encoded together is one match.
 * @param maxSize in bytes; a single token may be longer.
 */
export function encodeInChunks (
  text: string, tokens: RegExp, encode: (token: string) => string, maxSize: number
): string[] {
  const chunks: string[] = []
  let chunk = ''
  for (const [token] of text.matchAll(tokens)) {
    const encoded = encode(token)
    if (chunk !== '' && Buffer.byteLength(chunk) + Buffer.byteLength(encoded) > maxSize) {
      chunks.push(chunk)
      chunk = ''
    }
    chunk += encoded
  }
  return [...chunks, chunk]
}
