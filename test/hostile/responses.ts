/** A response as it was received. */
export interface Response {
  readonly status: number
  readonly body: string
  /** The value of the Connection header. */
  readonly connection: string | undefined
}

const statusLine = /^HTTP\/1\.1 (\d{3}) [A-Za-z -]+$/
const headerLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ([\t\x20-\x7e]*)$/

/**
 * Parses consecutive responses strictly.
 *
 * All bodies of the server start with a brace, which distinguishes a response to GET from one to HEAD.
 *
 * @throws {Error} if the text contains anything other than valid responses.
 */
export function parseResponses (text: string): Response[] {
  const responses: Response[] = []
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\r\n\r\n', at)
    const [first = '', ...lines] = text.slice(at, end === -1 ? undefined : end).split('\r\n')
    const status = Number(statusLine.exec(first)?.[1])
    if (end === -1 || Number.isNaN(status)) {
      throw new Error(`not a response: ${JSON.stringify(text.slice(at, at + 200))}`)
    }
    const headers = new Map<string, string>()
    for (const line of lines) {
      const [, name = '', value = ''] = headerLine.exec(line) ?? []
      if (name === '' || headers.has(name.toLowerCase())) {
        throw new Error(`not a header, or a duplicate: ${JSON.stringify(line)}`)
      }
      headers.set(name.toLowerCase(), value)
    }
    at = end + 4
    const length = headers.get('content-length')
    const bodyless = status === 204 || status === 304
    if (headers.has('transfer-encoding') || bodyless === /^\d+$/.test(length ?? '')) {
      throw new Error(`framing: ${lines.join(', ')}`)
    }
    const body = text[at] === '{' && !bodyless ? text.slice(at, at + Number(length)) : ''
    if (body !== '') JSON.parse(body)
    at += body.length
    responses.push({ status, body, connection: headers.get('connection') })
  }
  return responses
}
