import pino from 'pino'
import type { DestinationStream, Logger } from 'pino'

/** A log of JSON lines. */
export function buildLog (level: string, destination: DestinationStream): Logger {
  return pino({
    level,
    base: null,
    formatters: { level: label => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime
  }, destination)
}

/** A destination for people, or another one if pino-pretty is not installed, as in production. */
export async function loadPretty (otherwise: DestinationStream): Promise<DestinationStream> {
  try {
    const { default: pretty } = await import('pino-pretty')
    const messageFormat = '{msg}{if method} {method} {host}{path} {status} {client}{end}'
    return pretty({ sync: true, hideObject: true, messageFormat })
  } catch {
    return otherwise
  }
}
