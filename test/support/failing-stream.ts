import { Writable } from 'node:stream'

/** A stream that fails each time something is written to it. */
export function failingStream (code: string, message: string): Writable {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(message), { code })) })
  return stream.on('error', () => {})
}
