import { join } from 'node:path'
import type { Answer } from '../answer.ts'
import type { Launch, Place } from '../peer.ts'

/** Debian's own, which has Debian's Twisted. */
export const python = '/usr/bin/python3'

export function launchTwisted ({ port }: Place, answer: Answer): Launch {
  return { command: python, args: [join(import.meta.dirname, 'twisted-server.py'), JSON.stringify({ port, answer })] }
}
