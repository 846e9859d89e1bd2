import { parse } from 'smol-toml'
import { maxDepth } from './yaml.ts'
import type { Parsed } from './yaml.ts'

/** Parses TOML. */
export function parseToml (text: string): Parsed {
  try {
    return { value: parse(text, { maxDepth }) }
  } catch (error) {
    // The rest of its message is the text around that place.
    const { line, column } = Object(error) as { line: number, column: number }
    return { fault: `not TOML: error in line ${line}, column ${column}` }
  }
}
