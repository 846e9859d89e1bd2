import { X509Certificate } from 'node:crypto'
import { isIP, isIPv6 } from 'node:net'
import type { NetworkOptions, Override } from '../check/network/network.ts'
import { readTextFile } from '../config/text-file.ts'
import { findInvalidValue } from '../matrix/invalid-value.ts'
import { quote } from '../matrix/printable.ts'
import { parseServerName, withoutBrackets } from '../matrix/server-name.ts'
import type { ServerName } from '../matrix/server-name.ts'
import { UsageError } from './command-line.ts'

/** The options that say how a command reaches other hosts, for `parseCommandLine`. */
export const networkOptions = {
  timeout: { type: 'string' },
  dns: { type: 'string' },
  resolve: { type: 'string', multiple: true },
  ca: { type: 'string' },
  'public-only': { type: 'boolean' },
  4: { type: 'boolean', short: '4' },
  6: { type: 'boolean', short: '6' }
} as const

/** What they mean, for a usage text. */
export const networkUsage = `\
  --timeout SECONDS        limit for each connection and response (default 10)
  --dns ADDRESS[:PORT]     use this DNS server
  --resolve HOST:PORT:ADDRESS[:PORT][,ADDRESS…]
                           connect to ADDRESS for HOST:PORT; can be repeated
  --ca FILE                also trust the certificates in FILE (PEM)
  --public-only            refuse to connect to private and loopback addresses
  -4, -6                   use only IPv4 or only IPv6
`

/** What `parseCommandLine` makes of them. */
export interface NetworkValues {
  readonly timeout?: string | undefined
  readonly dns?: string | undefined
  readonly resolve?: string[] | undefined
  readonly ca?: string | undefined
  readonly 'public-only'?: boolean | undefined
  readonly 4?: boolean | undefined
  readonly 6?: boolean | undefined
}

/** @throws {UsageError} about the first value that is wrong. */
export function parseNetworkOptions (values: NetworkValues): NetworkOptions {
  const { timeout, dns, resolve, ca, 4: only4 = false, 6: only6 = false } = values
  if (only4 && only6) throw new UsageError("-4 and -6 can't be used together: use only one of them.")
  return {
    timeout: timeout === undefined ? undefined : parseTimeout(timeout),
    dns: dns === undefined ? undefined : parseDns(dns),
    resolve: resolve?.flatMap(parseOverrides),
    family: only4 ? 4 : only6 ? 6 : undefined,
    ca: ca === undefined ? undefined : readCertificates(ca),
    publicOnly: values['public-only'] === true ? true : undefined
  }
}

function parseTimeout (text: string): number {
  const seconds = Number(text)
  if (seconds >= 0.1 && seconds <= 600) return seconds
  throw new UsageError(`--timeout is ${quote(text)}: use a number of seconds from 0.1 to 600`)
}

function parseDns (text: string): string {
  const address = parseAddress(text)
  if (address !== undefined) return `${address.host}:${address.port ?? 53}`
  const examples = '192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353'
  throw new UsageError(`--dns is ${quote(text)}: use the IP address of a DNS server, for example ${examples}`)
}

function parseOverrides (text: string): Override[] {
  const [, from = '', to = ''] = /^((?:\[[^\]]*\]|[^:]*):\d+):(.+)$/.exec(text) ?? []
  const addresses = to.split(',').map(parseAddress)
  if (!addresses.every(address => address !== undefined) || findInvalidValue(parseServerName, from) !== undefined) {
    const examples = 'example.com:443:192.0.2.1 or example.com:443:[2001:db8::1]'
    throw new UsageError(`--resolve is ${quote(text)}: use HOST:PORT:ADDRESS, for example ${examples}`)
  }
  const { host, port } = parseServerName(from)
  return addresses.map(address => ({
    host: withoutBrackets(host).toLowerCase(),
    port: Number(port),
    address: withoutBrackets(address.host),
    toPort: address.port
  }))
}

/**
 * An IP address with or without a port, by the grammar of server names. An IPv6 address without a port needs no
 * brackets.
 */
function parseAddress (text: string): ServerName | undefined {
  const name = isIPv6(text) ? `[${text}]` : text
  if (findInvalidValue(parseServerName, name) !== undefined) return undefined
  const address = parseServerName(name)
  // Programs disagree on what 010.0.0.1 means, so it is refused.
  return isIP(withoutBrackets(address.host)) === 0 ? undefined : address
}

/** In bytes: many times the size of the lists that come with operating systems. */
const maxCertificatesSize = 8_388_608

/** The certificates of a file. */
function readCertificates (path: string): string[] {
  const refuse = (fault: string): never => {
    const fix = 'use the path of a file with "-----BEGIN CERTIFICATE-----"'
    throw new UsageError(`--ca is ${quote(path)}: ${fault}; ${fix}`)
  }
  const file = readTextFile(path, maxCertificatesSize)
  const pem = typeof file === 'string' ? file : refuse(file.fault)
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? []
  if (certificates.length === 0) refuse('no certificates in PEM format')
  if (!certificates.every(isCertificate)) refuse('it contains a broken certificate')
  return certificates
}

function isCertificate (pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined
  } catch {
    return false
  }
}
