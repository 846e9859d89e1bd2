const longestQuote = 80

/** Whether this is of Synapse's signing key file, or PEM. Whatever follows may be a secret; the ID of a key alone is none. */
export function isKeyFile (text: string): boolean {
  return /^(ed25519\b(?!(:\w{1,20})?$)|-----BEGIN)/.test(text)
}

/**
 * A value in double quotes, on one line, cut when long, and safe to print: what does not show is escaped, what may be a
 * user name and password before an "@" is masked, and of a line of a key file nothing is shown.
 */
export function quote (value: unknown): string {
  const isText = typeof value === 'string'
  if (isText && isKeyFile(value)) return '"…"'
  // Far more than is shown; all of it would take its time.
  const text = String(isText ? value : JSON.stringify(value)).slice(0, 50 * longestQuote)
  const masked = text.replaceAll(/\/\/[^\s"]*@/g, '//***@').replace(/^(?!mailto:)[^@\s"/:{[]+:(?!\/\/)[^@]*@/, '***@')
  const cut = masked.length > longestQuote ? `${masked.slice(0, longestQuote)}…` : masked
  return escapeUnseen(isText ? JSON.stringify(cut) : cut)
}

/** A text in which what does not show, or tells a terminal to do something, is escaped. */
export function escapeUnseen (text: string): string {
  // Most are plain, and to see that is quick.
  if (/^[\x20-\x7e]*$/.test(text)) return text
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u00a0]/gu, character => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}
