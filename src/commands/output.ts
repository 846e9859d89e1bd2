import type { OutputStream } from './command.ts'

/** Writes a text; an error, such as a full disk, is returned. A closed pipe, as with `| head`, is not an error. */
export async function writeOutput (output: OutputStream, text: string): Promise<NodeJS.ErrnoException | undefined> {
  const error = await writeText(output, text)
  return error !== undefined && isClosedPipe(error) ? undefined : error
}

/** Writes a text; an error is returned. */
export async function writeText (output: OutputStream, text: string): Promise<NodeJS.ErrnoException | undefined> {
  const error = await new Promise<NodeJS.ErrnoException | null | undefined>(resolve => output.write(text, resolve))
  return error ?? undefined
}

/** Whether the reader went away. */
export function isClosedPipe ({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE'
}
