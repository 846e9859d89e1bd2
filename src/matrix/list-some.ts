/** The first entries of a list, and how many more there are. */
export function listSome (items: readonly string[], max = 3): string {
  const more = items.length > max ? ` and ${items.length - max} more` : ''
  return items.slice(0, max).join(', ') + more
}
