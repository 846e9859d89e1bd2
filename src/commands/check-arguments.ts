import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isIP, isIPv6 } from 'node:net'
import { rootCertificates } from 'node:tls'
import { parseArgs } from 'node:util'
import { findInvalidValue } from '../matrix/invalid-value.ts'
import { quote } from '../matrix/printable.ts'
import { parseServerName, withoutBrackets } from '../matrix/server-name.ts'
import type { ServerName } from '../matrix/server-name.ts'
import type { CheckOptions } from '../check/check.ts'
import type { Part } from '../check/gather/gather.ts'
import type { Override } from '../check/network/network.ts'

export const checkUsage = `Usage: matrix-well-known check [SERVER_NAME] [options]

Checks how other servers and clients find SERVER_NAME, what is after the colon
in user IDs. Without it: the one of the settings, and whether the world sees
what they say.

Options:
  --only PART              federation, client or documents alone
  --json                   the report as JSON, the same as --format json
  --format FORMAT          text, json or tap
  --strict                 warnings fail the check
  --timeout SECONDS        for each connection and answer (10); the whole
                           check takes at most six times as long
  --dns ADDRESS[:PORT]     ask this DNS server
  --resolve HOST:PORT:ADDRESS[:PORT][,ADDRESS…]
                           connect to ADDRESS for HOST:PORT, and to another
                           port where one follows; may be given repeatedly
  --ca FILE                trust the certificates in FILE as well (PEM)
  -4, -6                   use IPv4 or IPv6 alone
  -h, --help               show this text

Exit status: 0 healthy, 1 a failure was found, 2 wrong command line,
             78 wrong settings
`

export interface CheckArguments {
  /** Undefined where the settings name it. */
  readonly serverName: string | undefined
  readonly options: CheckOptions
  readonly format: 'text' | 'json' | 'tap'
  readonly strict: boolean
  readonly help: boolean
}

/** The command line is wrong; the message names the option, the value and the mend. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code = 'ERR_USAGE'
}

/** @throws {UsageError} with the first fault. */
export function parseCheckArguments (args: string[]): CheckArguments {
  const { values, positionals } = split(args)
  const [serverName, ...more] = positionals
  if (more.length > 0) throw new UsageError(`One server name at a time, not ${positionals.map(name => quote(name)).join(' and ')}.`)
  if (serverName !== undefined) refuseInvalid(serverName)
  const { only, format = values.json === true ? 'json' : 'text', timeout, dns, resolve, ca } = values
  if (values.json === true && format !== 'json') throw new UsageError(`--json and --format ${format} contradict each other: give one of them.`)
  if (values['4'] === true && values['6'] === true) throw new UsageError('-4 and -6 leave nothing: give one of them.')
  return {
    serverName,
    format: oneOf('--format', format, ['text', 'json', 'tap']),
    strict: values.strict === true,
    help: values.help === true,
    options: {
      only: only === undefined ? undefined : oneOf<Part>('--only', only, ['federation', 'client', 'documents']),
      timeout: timeout === undefined ? undefined : parseTimeout(timeout),
      dns: dns === undefined ? undefined : parseDns(dns),
      resolve: resolve?.flatMap(parseOverrides),
      family: values['4'] === true ? 4 : values['6'] === true ? 6 : undefined,
      ca: ca === undefined ? undefined : readCertificates(ca)
    }
  }
}

function split (args: string[]): ReturnType<typeof parse> {
  try {
    return parse(args)
  } catch (error) {
    // Node goes on with advice of its own.
    throw new UsageError(`${(error as Error).message.split('. ', 1)}.`)
  }
}

function parse (args: string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      only: text,
      json: flag,
      format: text,
      strict: flag,
      timeout: text,
      dns: text,
      resolve: { ...text, multiple: true },
      ca: text,
      4: { ...flag, short: '4' },
      6: { ...flag, short: '6' },
      help: { ...flag, short: 'h' }
    }
  })
}

function refuseInvalid (serverName: string): void {
  const invalidValue = findInvalidValue(parseServerName, serverName)
  if (invalidValue !== undefined) throw new UsageError(`The server name is ${quote(serverName)}: ${invalidValue.explanation}`)
}

function oneOf<Value extends string> (option: string, value: string, allowed: readonly Value[]): Value {
  const found = allowed.find(candidate => candidate === value)
  if (found === undefined) throw new UsageError(`${option} is ${quote(value)}: write one of ${allowed.join(', ')}`)
  return found
}

function parseTimeout (text: string): number {
  const seconds = Number(text)
  if (!(seconds >= 0.1 && seconds <= 600)) throw new UsageError(`--timeout is ${quote(text)}: write seconds, from 0.1 to 600`)
  return seconds
}

function parseDns (text: string): string {
  const address = parseAddress(text)
  if (address === undefined) {
    throw new UsageError(`--dns is ${quote(text)}: write the address of a DNS server, such as 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353`)
  }
  return `${address.host}:${address.port ?? 53}`
}

function parseOverrides (text: string): Override[] {
  const [, from = '', to = ''] = /^((?:\[[^\]]*\]|[^:]*):\d+):(.+)$/.exec(text) ?? []
  const addresses = to.split(',').map(parseAddress)
  if (!addresses.every(address => address !== undefined) || findInvalidValue(parseServerName, from) !== undefined) {
    throw new UsageError(`--resolve is ${quote(text)}: write HOST:PORT:ADDRESS, such as example.com:443:192.0.2.1 or example.com:443:[2001:db8::1]`)
  }
  const { host, port } = parseServerName(from)
  return addresses.map(address => ({ host: withoutBrackets(host).toLowerCase(), port: Number(port), address: withoutBrackets(address.host), toPort: address.port }))
}

/** An IP address with or without a port, by the grammar of server names; an IPv6 address alone may lack its brackets. */
function parseAddress (text: string): ServerName | undefined {
  const name = isIPv6(text) ? `[${text}]` : text
  if (findInvalidValue(parseServerName, name) !== undefined) return undefined
  const address = parseServerName(name)
  // Of several ways to read 010.0.0.1 there is none that everybody takes.
  return isIP(withoutBrackets(address.host)) === 0 ? undefined : address
}

/** The certificates that Node comes with, and those of a file. */
function readCertificates (path: string): string[] {
  const refuse = (fault: string): never => {
    throw new UsageError(`--ca is ${quote(path)}: ${fault}, write the path of a file with "-----BEGIN CERTIFICATE-----"`)
  }
  const pem = readText(path, refuse)
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? []
  if (certificates.length === 0) refuse('not certificates in PEM')
  if (!certificates.every(isCertificate)) refuse('a certificate in it is broken')
  return [...rootCertificates, pem]
}

function isCertificate (pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined
  } catch {
    return false
  }
}

function readText (path: string, refuse: (fault: string) => never): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return refuse(code === 'ENOENT' ? 'there is no such file' : `can not be read (${code})`)
  }
}
