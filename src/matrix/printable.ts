import { shorten } from './short-text.ts'

const maxQuoteLength = 80

/**
 * Whether a text starts like Synapse's signing key file, or like PEM: what follows may be a secret. The ID of a key,
 * `ed25519:a_1`, is not one.
 */
export function isKeyFile (text: string): boolean {
  return /^(ed25519\b(?!(:\w{1,20})?$)|-----BEGIN)/.test(text)
}

/**
 * A value in double quotes, on one line, cut if it is long, and safe to print: invisible characters are escaped, what
 * may be a user name and password before an "@" is masked, and no part of a key file is shown.
 */
export function quote (value: unknown): string {
  const isText = typeof value === 'string'
  if (isText && isKeyFile(value)) return '"…"'
  // Far more than is shown; masking all of a long text would take time.
  const text = String(isText ? value : JSON.stringify(value)).slice(0, 50 * maxQuoteLength)
  const masked = text.replaceAll(/[^\s"]+/g, maskUserInfo).replace(/^(?!mailto:)[^@\s"/:{[]+:(?!\/\/)[^@]*@/, '***@')
  const short = shorten(masked, maxQuoteLength)
  return escapeUnseen(isText ? JSON.stringify(short) : short)
}

/** Masks what is between "//" and the last "@" of a word. Without a regular expression, which would be quadratic. */
function maskUserInfo (word: string): string {
  const start = word.indexOf('//')
  const end = word.lastIndexOf('@')
  return start === -1 || end < start ? word : `${word.slice(0, start)}//***@${word.slice(end + 1)}`
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
