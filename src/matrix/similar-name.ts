/** The first of some names that is one edit away from this one: what it probably means. */
export function findSimilar (name: string, known: readonly string[]): string | undefined {
  return known.find(other => Math.abs(other.length - name.length) <= 1 && isOneEditAway(name, other))
}

/** Whether one character is added, removed or replaced, or two neighbours are swapped. */
function isOneEditAway (left: string, right: string): boolean {
  let start = 0
  while (start < left.length && left[start] === right[start]) start++
  let end = 0
  while (end < Math.min(left.length, right.length) - start && left.at(-1 - end) === right.at(-1 - end)) end++
  const a = left.slice(start, left.length - end)
  const b = right.slice(start, right.length - end)
  return (a.length <= 1 && b.length <= 1) || (a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0])
}
