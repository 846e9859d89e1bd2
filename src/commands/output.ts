import type { OutputStream } from './command.ts'

/** Writes a text; an error, such as a full disk, is returned. A closed pipe, as with `| head`, is not an error. */
export async function writeOutput (output: OutputStream, text: string): Promise<NodeJS.ErrnoException | undefined> {
  const error = await new Promise<NodeJS.ErrnoException | null | undefined>(resolve => output.write(text, resolve))
  return error === null || error?.code === 'EPIPE' ? undefined : error
}
