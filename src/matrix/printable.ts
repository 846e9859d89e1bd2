import { shorten } from './short-text.ts'

const maxQuoteLength = 80

/**
 * Whether a text starts like Synapse's signing key file, or like PEM: what follows may be a secret. The ID of a key,
 * `ed25519:a_1`, is not one.
 */
export function isKeyFile (text: string): boolean {
  return /^(ed25519\b(?!(:\w{1,20})?$)|-----BEGIN)/.test(text)
}

/** In characters: far more than is shown, and masking takes time. */
const maxMaskedLength = 50 * maxQuoteLength

/**
 * A value in double quotes, on one line, cut if it is long, and safe to print: invisible characters are escaped, what
 * may be a user name and password before an "@" is masked, and no part of a key file is shown.
 */
export function quote (value: unknown): string {
  const isText = typeof value === 'string'
  if (isText && isKeyFile(value)) return '"…"'
  const short = shorten(maskPasswords(String(isText ? value : JSON.stringify(value))), maxQuoteLength)
  return escapeUnseen(isText ? JSON.stringify(short) : short)
}

/** Masks passwords: in a URL, in the URLs of a text or of the strings of JSON, and in a text such as `me:secret@`. */
function maskPasswords (text: string): string {
  // An "@" beyond the cut may end a password that begins before it.
  const cut = text.includes('@', maxMaskedLength)
    ? `${text.slice(0, maxMaskedLength)}@…`
    : text.slice(0, maxMaskedLength)
  // Spaces and quotes may be part of a password.
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(cut)) return maskUserInfo(cut)
  return cut.replaceAll(/"(?:[^"\\]|\\.)*"?|[^\s"]+/gs, maskUserInfo)
    .replace(/^(?!mailto:)[^@\s"/:{[]+:(?!\/\/)[^@]*@/, '***@')
}

/** Masks what is between "//" and the last "@". Without a regular expression, which would be quadratic. */
function maskUserInfo (text: string): string {
  const start = text.indexOf('//')
  const end = text.lastIndexOf('@')
  return start === -1 || end < start ? text : `${text.slice(0, start)}//***@${text.slice(end + 1)}`
}

/** A text in which characters that are invisible, or that control a terminal, are escaped. */
export function escapeUnseen (text: string): string {
  // Most text is plain ASCII, and that test is fast.
  if (/^[\x20-\x7e]*$/.test(text)) return text
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u00a0]/gu, escapeCharacter)
}

export function escapeCharacter (character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`
}

/** Escapes invisible characters in JSON, which itself only escapes those below U+0020. */
export function escapeControls (json: string): string {
  return json.replaceAll(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu, character => [...Array(character.length).keys()]
    .map(i => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''))
}
