/** The path of standard input. A file of that name is `./-`. */
export const standardInput = '-'

/** How messages name a path. */
export function namePath (path: string): string {
  return path === standardInput ? 'standard input' : path
}
