import type { ScalarTag } from 'yaml'

/** A number as PyYAML recognizes it, which reads Synapse's configuration. */
const numbers = [
  /[-+]?0b[01_]+/,
  /[-+]?0[0-7_]+/,
  /[-+]?(?:0|[1-9][\d_]*)/,
  /[-+]?0x[\da-f_]+/,
  /[-+]?[1-9][\d_]*(?::[0-5]?\d)+/,
  /(?:[-+]?\d[\d_]*\.[\d_]*|\.\d[\d_]*)(?:e[-+]\d+)?/,
  /[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*/,
  /[-+]?\.inf|\.nan/
]

/**
 * Text that YAML 1.1 has as a boolean or a number, but PyYAML doesn't: `y` and `n`, an exponent without a fraction or a
 * sign, and a leading zero before 8, 9 or a colon. What doesn't look like a number is text anyway.
 */
export const plainText: ScalarTag = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  test: new RegExp(`^(?:[yn]|(?!(?:${numbers.map(({ source }) => source).join('|')})$)[-+.\\de].*)$`, 'i'),
  resolve: value => value
}
