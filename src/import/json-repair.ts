/** A string in any quotes that people use, perhaps without its end, or a comment. */
const tokens = new RegExp([
  /"(?:[^"\\\n]|\\.)*"?/, /'(?<single>(?:[^'\\\n]|\\.)*)'?/, /[“”„](?<curly>(?:[^“”„\\\n]|\\.)*)[“”]?/,
  /\/\/.*/, /\/\*[^]*?(?:\*\/|$)/, /#.*/
].map(({ source }) => source).join('|'), 'g')

/** A string, or a comma after the last entry. */
const commas = /(?<string>"(?:[^"\\\n]|\\.)*"?)|,(?=\s*[}\]])/g

/**
 * Replaces what people write in JSON although it has none: single and curly quotes, comments, and commas after the last
 * entry. Whether the rest is JSON, only its parser knows.
 */
export function repairJson (text: string): string {
  return text.replace(tokens, replaceToken).replace(commas, (_match, string = '') => string)
}

function replaceToken (token: string, single?: string, curly?: string): string {
  const content = single ?? curly
  if (content !== undefined) return `"${content.replaceAll(/\\.|"/g, escapeQuote)}"`
  return token.startsWith('"') ? token : ''
}

/** A quote as it has to be between double quotes; another escape as it is. */
function escapeQuote (text: string): string {
  if (text === '"') return '\\"'
  return text === "\\'" ? "'" : text
}
