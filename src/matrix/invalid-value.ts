import { quote } from './printable.ts'

/** What can be wrong with a value; stable, for programs. */
export type InvalidValueCode =
  | 'ERR_EMPTY'
  | 'ERR_JSON'
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
  | 'ERR_AMBIGUOUS_HOST'
  | 'ERR_IDNA'
  | 'ERR_IPV4'
  | 'ERR_IPV6'
  | 'ERR_PORT'
  | 'ERR_URL'
  | 'ERR_EMAIL'
  | 'ERR_ROLE'
  | 'ERR_DOCUMENT_NAME'
  | 'ERR_KEY'
  | 'ERR_PRIVATE_KEY'
  | 'ERR_PROXY'

/** A value that breaks a rule of Matrix, or one of its readers. */
export class InvalidValueError extends Error {
  override readonly name = 'InvalidValueError'
  readonly code: InvalidValueCode
  /** The value as it was given. */
  readonly input: string
  /** Such as `has an extra dot`: its subject is the value. */
  readonly fault: string
  /** What to do about it. */
  readonly fix: string
  /** A valid value that was probably meant. */
  readonly suggestion: string | undefined
  /** The fault and the fix. */
  readonly explanation: string

  constructor (code: InvalidValueCode, input: string, fault: string, fix: string, suggestion?: string) {
    // Only what can be copied from a log is useful.
    const usable = suggestion !== undefined && /^[\x21-\x7e]{1,255}$/.test(suggestion) ? suggestion : undefined
    const explanation = `${fault}; ${usable === undefined ? fix : `use ${usable}`}`
    super(`${quote(input)}: ${explanation}`)
    this.code = code
    this.input = input
    this.fault = fault
    this.fix = fix
    this.suggestion = usable
    this.explanation = explanation
  }
}

/** The error of a parser that refuses a value; undefined if it accepts it. */
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
 * Parses a part of a value, and reports what is wrong with the part as a fault of the whole.
 *
 * @throws {InvalidValueError} about the whole.
 */
export function parsePart<Part> (parse: (part: string) => Part, part: string, place: string, whole: string): Part {
  const error = findInvalidValue(parse, part)
  if (error === undefined) return parse(part)
  const fault = part === ''
    ? `has no ${place}`
    : `has the ${place} ${quote(part)}, which ${error.fault.replace(/^not /, "isn't ")}`
  const { suggestion } = error
  throw new InvalidValueError(error.code, whole, fault, error.fix, suggestion && whole.replace(part, () => suggestion))
}
