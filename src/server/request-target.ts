/**
 * The path and query of a request target, without the origin that the absolute form starts with.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112.html#section-3.2
 */
export function stripOrigin (target: string): string {
  if (target.startsWith('/')) return target
  const rest = target.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '')
  return rest.startsWith('/') ? rest : `/${rest}`
}

/** The host and port of a request target in absolute form, without a password; undefined in another form. */
export function readAuthority (target: string): string | undefined {
  if (target.startsWith('/')) return undefined
  return /^https?:\/\/(?:[^/?#]*@)?([^/?#@]*)/i.exec(target)?.[1]
}

/** Whether a request target is in a form that a client may send to an HTTP server that isn't a proxy. */
export function isHttpTarget (method: string | undefined, target: string): boolean {
  if (target.startsWith('/')) return true
  // About the server as a whole: https://www.rfc-editor.org/rfc/rfc9110.html#section-9.3.7
  if (target === '*') return method === 'OPTIONS'
  return /^https?:\/\/[^/?#]/i.test(target)
}
