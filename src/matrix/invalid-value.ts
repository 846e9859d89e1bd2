/** What can be wrong with a value; stable, for programs. */
export type InvalidValueCode =
  | 'ERR_EMPTY'
  | 'ERR_SCHEME'
  | 'ERR_USER_INFO'
  | 'ERR_PATH'
  | 'ERR_QUERY_OR_FRAGMENT'
  | 'ERR_WHITESPACE'
  | 'ERR_BACKSLASH'
  | 'ERR_USER_ID'
  | 'ERR_NON_ASCII'
  | 'ERR_CHARACTER'
  | 'ERR_DOTS'
  | 'ERR_LENGTH'
  | 'ERR_IPV4'
  | 'ERR_IPV6'
  | 'ERR_PORT'
  | 'ERR_URL'
  | 'ERR_EMAIL'
  | 'ERR_ROLE'
  | 'ERR_KEY'
  | 'ERR_PRIVATE_KEY'
  | 'ERR_PROXY'

/** A value that breaks a rule of Matrix: what is wrong with it, and what to write instead. */
export class InvalidValueError extends Error {
  override readonly name = 'InvalidValueError'
  readonly code: InvalidValueCode
  /** The value as it was given. */
  readonly input: string
  readonly fault: string
  /** A value that is right and was probably meant, where there is one. */
  readonly better: string | undefined
  /** The fault and the mend. */
  readonly advice: string

  constructor (code: InvalidValueCode, input: string, fault: string, better?: string) {
    // What could not be copied from a log is no help.
    const offered = better !== undefined && /^[\x21-\x7e]{1,255}$/.test(better) ? better : undefined
    const advice = offered === undefined ? fault : `${fault}, write ${offered}`
    super(`${quote(input)}: ${advice}`)
    this.advice = advice
    this.code = code
    this.input = input
    this.fault = fault
    this.better = offered
  }
}

/** What a parser says of a value that it refuses; undefined where it accepts it. */
export function findInvalidity (parse: (value: string) => unknown, value: string): InvalidValueError | undefined {
  try {
    parse(value)
    return undefined
  } catch (error) {
    if (error instanceof InvalidValueError) return error
    throw error
  }
}

/**
 * Parses a part of a value, so that what is wrong with the part is said of the whole.
 *
 * @throws {InvalidValueError} about the whole.
 */
export function parsePart<Part> (parse: (part: string) => Part, part: string, place: string, whole: string): Part {
  const invalidity = findInvalidity(parse, part)
  if (invalidity === undefined) return parse(part)
  const { code, fault, better } = invalidity
  throw new InvalidValueError(code, whole, `${place} ${quote(part)}: ${fault}`, better && whole.replace(part, () => better))
}

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
