import pino from 'pino'
import type { DestinationStream, Logger } from 'pino'

/** A log of JSON lines. */
export function buildLog (level: string, destination: DestinationStream): Logger {
  return pino({
    level,
    base: null,
    formatters: { level: label => ({ level: label }) },
    timestamp: () => isoTime(Date.now())
  }, destination)
}

let lastTime = NaN
let lastText = ''

/** As Pino's own, but made once in a millisecond, in which there may be dozens of requests. */
function isoTime (now: number): string {
  if (now !== lastTime) {
    lastTime = now
    lastText = `,"time":"${new Date(now).toISOString()}"`
  }
  return lastText
}

/** A destination that is pleasant to read, or another where pino-pretty is not installed, as in production. */
export async function loadPretty (otherwise: DestinationStream): Promise<DestinationStream> {
  try {
    const { default: pretty } = await import('pino-pretty')
    return pretty({ sync: true, hideObject: true, messageFormat: '{msg}{if method} {method} {path} {status} {client}{end}' })
  } catch {
    return otherwise
  }
}
