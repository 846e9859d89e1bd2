import { isIP } from 'node:net'
import { quote } from '../../matrix/printable.ts'
import { splitCertificates } from './certificate-list.ts'
import type { NetworkOptions } from './network.ts'

/**
 * Finds what is wrong with options from code that no type checker has seen, or with the texts in them: unnoticed, it
 * would be ignored, or fail later in the check.
 */
export function findOptionFault ({ family, resolve, ca }: NetworkOptions): string | undefined {
  if (![4, 6, undefined].includes(family)) return `family is ${quote(family)}; use 4 or 6`
  if (!isListOf(resolve ?? [], isOverride)) {
    const example = "[{ host: 'example.com', port: 443, address: '192.0.2.1' }]"
    return `resolve is ${quote(resolve)}; use a list with IP addresses, such as ${example}`
  }
  if (!isListOf(ca ?? [], isPem)) {
    return "ca isn't a list of certificates in PEM format; use for example [readFileSync('ca.pem', 'utf8')]"
  }
  return undefined
}

function isListOf (value: unknown, isEntry: (entry: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isEntry)
}

function isOverride (entry: unknown): boolean {
  const { host, port, address, toPort = port } = Object(entry) as Record<string, unknown>
  return typeof host === 'string' && typeof address === 'string' && isIP(address) !== 0 && [port, toPort].every(isPort)
}

function isPort (value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535
}

function isPem (entry: unknown): boolean {
  return typeof entry === 'string' && splitCertificates(entry).length > 0
}
