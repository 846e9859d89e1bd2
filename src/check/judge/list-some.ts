/** The first three of a list, and how many more there are. */
export function listSome (items: readonly string[]): string {
  const more = items.length > 3 ? ` and ${items.length - 3} more` : ''
  return items.slice(0, 3).join(', ') + more
}
