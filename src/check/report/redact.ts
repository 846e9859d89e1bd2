import { isIPv4, isIPv6 } from 'node:net'
import type { Report } from './report.ts'

/** Replaces what was found by a number; the same text has the same one. */
type Replace = (found: string, kind: 'address' | 'email') => string

/** A report without IP and email addresses. */
export function redactReport (report: Report): Report {
  return startRedaction()(report)
}

/**
 * Makes a function that leaves IP and email addresses out of the reports of one run. Each address is replaced by a
 * number, so that one can still be told from another, wherever it is: in texts, URLs, headers and bodies.
 */
export function startRedaction (): (report: Report) => Report {
  const numbers = new Map<string, number>()
  const replace: Replace = (found, kind) => {
    const key = found.toLowerCase()
    const number = numbers.get(key) ?? numbers.size + 1
    numbers.set(key, number)
    return `[${kind} ${number}]`
  }
  // The kinds of values stay the same.
  return report => redactValue(report, text => redactText(text, replace)) as Report
}

function redactValue (value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map(item => redactValue(item, redact))
  if (typeof value !== 'object' || value === null) return value
  // As in JSON.
  if (value instanceof Date) return value.toISOString()
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [redact(key), redactValue(item, redact)]))
}

/** Also in a URL, with an escaped "@". */
const emailAddress =
  /[\p{L}\p{N}._%+'-]{1,64}(?:@|%40)(?:\[[\da-f.:]{2,60}\]|[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*)/giu
/** What may have an IPv6 address in it. */
const run = /[\w.:]+/g
/** No part of a longer number, but after an escape as in "%2045.0.0.2". */
const ipv4Address = /(?:(?<!\d|\d\.)|(?<=%[\da-f]{2}))(?:\d{1,3}\.){3}\d{1,3}(?!\d|\.\d)/gi
const bracketed = /\[(\[address \d+\])\]/g

function redactText (text: string, replace: Replace): string {
  return text
    .replaceAll(emailAddress, found => replace(found.replace(/%40/i, '@'), 'email'))
    .replaceAll(run, found => redactIPv6(found, replace))
    .replaceAll(ipv4Address, found => isHostAddress(found) ? replace(found, 'address') : found)
    .replaceAll(bracketed, '$1')
}

/** Of an IPv6 address and a port after it, in characters. */
const maxLength = '0000:0000:0000:0000:0000:ffff:255.255.255.255:65535'.length

/** Replaces an address that only a port or punctuation follows. Words may be before it, as in "ip:2001:db8::1". */
function redactIPv6 (text: string, replace: Replace): string {
  const end = text.replace(/[.:]{1,9}$/, '').length
  for (let start = Math.max(0, end - maxLength); start < end; start++) {
    if (start > 0 && !isWordEnd(text.slice(Math.max(0, start - 6), start))) continue
    const rest = text.slice(start, end)
    const found = [text.slice(start), rest, rest.replace(/:\d+$/, '')].find(part => isIPv6(part))
    if (found === undefined || isUnspecified(found)) continue
    return `${text.slice(0, start)}${replace(found, 'address')}${text.slice(start + found.length)}`
  }
  return text
}

/** Whether a text ends in a colon, and what is before it can't be a part of an address. */
function isWordEnd (text: string): boolean {
  return text.endsWith(':') && !/(?:^|:)[\da-f]{0,4}:$/i.test(text)
}

function isUnspecified (address: string): boolean {
  return /^[0:]+$/.test(address)
}

/** Ending in ".0.0.0" is the version of a browser, which no host has as its address. */
function isHostAddress (text: string): boolean {
  return isIPv4(text) && !text.endsWith('.0.0.0')
}
