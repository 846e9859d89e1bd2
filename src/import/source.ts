import { existsSync } from 'node:fs'
import { standardInput } from '../config/standard-input.ts'
import { findInvalidValue } from '../matrix/invalid-value.ts'
import { quote } from '../matrix/printable.ts'
import { parseServerName } from '../matrix/server-name.ts'
import { parseHttpUrl } from '../matrix/url.ts'
import { ImportError } from './import-error.ts'

/** Where to import from: a server name, or files and folders. */
export type Source =
  { readonly serverName: string, readonly paths?: never } |
  { readonly paths: readonly string[], readonly serverName?: never }

/**
 * Tells server names from files. What exists is a file, also if it is named like a server.
 *
 * @throws {ImportError} if there is more than one server name, or anything beside it.
 */
export function parseSources (args: readonly string[]): Source {
  const serverNames = args.map(parseSite)
  const serverName = serverNames.find(name => name !== undefined)
  if (serverName === undefined) return { paths: args }
  if (args.length > 1) fail(`Import ${serverName} without anything else: use one server name, or files and folders`)
  return { serverName }
}

/** Names of files that are missing, and not of servers, although the grammar of server names allows them. */
const fileName = /\.(ya?ml|toml|json|env|conf)$/i

function parseSite (argument: string): string | undefined {
  if (/^https?:\/\//i.test(argument)) return parseUrl(argument)
  if (argument === standardInput || existsSync(argument) || fileName.test(argument)) return undefined
  const invalid = findInvalidValue(parseServerName, argument)
  if (invalid === undefined) return argument
  const isMeant = argument === '' || (/^[^/]*(?:@|:\/\/)/.test(argument) && invalid.suggestion !== undefined)
  if (isMeant) fail(`The source is ${quote(argument)}: ${invalid.explanation}`)
  return undefined
}

function parseUrl (argument: string): string {
  const invalid = findInvalidValue(parseHttpUrl, argument)
  if (invalid !== undefined) fail(`The source is ${quote(argument)}: ${invalid.explanation}`)
  const { scheme, host: { host, port }, path } = parseHttpUrl(argument)
  const isPlain = scheme === 'https' && (port ?? 443) === 443 && /^(?:\/?|\/\.well-known\/matrix\/.*)$/.test(path)
  if (!isPlain) fail(`The source is ${quote(argument)}: readers only look at port 443 with https; use https://${host}`)
  return host
}

function fail (fault: string): never {
  throw new ImportError('ERR_IMPORT_ARGUMENTS', fault)
}
