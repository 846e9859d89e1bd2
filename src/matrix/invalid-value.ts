import { quote } from './printable.ts'

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
  /** The fault and the fix. */
  readonly explanation: string

  constructor (code: InvalidValueCode, input: string, fault: string, better?: string) {
    // What could not be copied from a log is no help.
    const offered = better !== undefined && /^[\x21-\x7e]{1,255}$/.test(better) ? better : undefined
    const explanation = offered === undefined ? fault : `${fault}, write ${offered}`
    super(`${quote(input)}: ${explanation}`)
    this.explanation = explanation
    this.code = code
    this.input = input
    this.fault = fault
    this.better = offered
  }
}

/** What a parser says of a value that it refuses; undefined where it accepts it. */
export function findInvalidValue (parse: (value: string) => unknown, value: string): InvalidValueError | undefined {
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
  const invalidValue = findInvalidValue(parse, part)
  if (invalidValue === undefined) return parse(part)
  const { code, fault, better } = invalidValue
  throw new InvalidValueError(code, whole, `${place} ${quote(part)}: ${fault}`, better && whole.replace(part, () => better))
}
