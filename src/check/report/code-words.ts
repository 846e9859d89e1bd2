/** A part of a sentence: words, or something to be copied exactly, such as a name, a value or a setting. */
export interface SentencePart {
  readonly text: string
  readonly isCode: boolean
}

/**
 * Tells the words of a sentence from what is set as code: everything with other characters than letters, digits,
 * hyphens within a word, apostrophes, arrows, and punctuation at the end of a word. Whatever a peer may have sent that
 * a format might interpret is therefore code.
 */
export function splitCode (sentence: string): SentencePart[] {
  const parts: SentencePart[] = []
  for (const [i, word] of sentence.split(' ').entries()) {
    if (i > 0) append(parts, { text: ' ', isCode: false })
    const before = word.startsWith('(') ? '(' : ''
    const core = word.slice(before.length).replace(/[).,;:!?…]+$/, '')
    const after = word.slice(before.length + core.length)
    const isCode = !/^[A-Za-z0-9'’–→›][A-Za-z0-9'’–→›-]*$|^-?$/.test(core)
    append(parts, { text: before, isCode: false })
    append(parts, { text: core, isCode })
    append(parts, { text: after, isCode: false })
  }
  return parts
}

/** Adds a part to the one before if it is of the same kind, or continues it after a space or a colon. */
function append (parts: SentencePart[], part: SentencePart): void {
  if (part.text === '') return
  const last = parts.at(-1)
  const [first, between] = parts.slice(-2)
  if (last?.isCode === part.isCode) {
    parts.splice(-1, 1, { ...part, text: last.text + part.text })
  } else if (part.isCode && first?.isCode === true && between !== undefined && /^:? $/.test(between.text)) {
    parts.splice(-2, 2, { ...part, text: first.text + between.text + part.text })
  } else {
    parts.push(part)
  }
}
