import { isIP } from 'node:net'
import type { Report } from './report.ts'

/**
 * A report without IP and email addresses. Each is replaced by a number, so that one can still be told from another,
 * wherever it is: in texts, URLs, headers and bodies.
 */
export function redactReport (report: Report): Report {
  const numbers = new Map<string, number>()
  const replace = (found: string, kind: string): string => {
    const key = found.toLowerCase()
    const number = numbers.get(key) ?? numbers.size + 1
    numbers.set(key, number)
    return `[${kind} ${number}]`
  }
  // The kinds of values stay the same.
  return redactValue(report, text => redactText(text, replace)) as Report
}

function redactValue (value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map(item => redactValue(item, redact))
  if (typeof value !== 'object' || value === null) return value
  // As in JSON.
  if (value instanceof Date) return value.toISOString()
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [redact(key), redactValue(item, redact)]))
}

const emailAddress = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu
/** What may be an IP address, in the brackets that it has in a URL, and what may be a port or punctuation after it. */
const candidate = /(?<![\w:.])(\[?)([0-9a-f.:]{2,60})(\]?)(?!\w)/gi

function redactText (text: string, replace: (found: string, kind: string) => string): string {
  return text
    .replaceAll(emailAddress, found => replace(found, 'email'))
    .replaceAll(candidate, (found, open: string, inside: string, close: string) => {
      const address = findAddress(inside)
      if (address === undefined) return found
      const isBracketed = open === '[' && close === ']'
      const after = inside.slice(address.length)
      return isBracketed
        ? `${replace(address, 'address')}${after}`
        : `${open}${replace(address, 'address')}${after}${close}`
    })
}

/** The address that a text begins with, if only a port or punctuation follows. */
function findAddress (text: string): string | undefined {
  const [, ipv4 = ''] = /^(\d{1,3}(?:\.\d{1,3}){3})(?::\d*)?[.:]*$/.exec(text) ?? []
  // A version of a browser, which no host has as its address.
  if (ipv4.endsWith('.0.0.0')) return undefined
  return [ipv4, text, text.replace(/[.:]+$/, '')].find(part => isIP(part) !== 0)
}
