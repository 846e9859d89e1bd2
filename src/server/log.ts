import pino from 'pino'
import type { DestinationStream, Logger } from 'pino'

/** A log of JSON lines; the destination is standard output where none is given. */
export function buildLog (level: string, destination: DestinationStream = pino.destination({ fd: 1, sync: true })): Logger {
  return pino({
    level,
    base: null,
    formatters: { level: label => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime
  }, destination)
}

/** A destination that is pleasant to read, where pino-pretty is installed: it is not in production. */
export async function loadPretty (): Promise<DestinationStream | undefined> {
  try {
    const { default: pretty } = await import('pino-pretty')
    return pretty({ sync: true, hideObject: true, messageFormat: '{msg}{if method} {method} {path} {status} {client}{end}' })
  } catch {
    return undefined
  }
}
