import { synapseCache } from '../check/network/cache-control.ts'
import { siteSettingNames, siteSettings } from '../config/settings.ts'
import { readSite } from '../config/site-config.ts'
import { findInvalidValue } from '../matrix/invalid-value.ts'
import { quote } from '../matrix/printable.ts'
import { parseServerName } from '../matrix/server-name.ts'
import type { Description } from './description.ts'
import { importDocuments } from './document-import.ts'
import { Draft } from './draft.ts'
import type { Remark } from './draft.ts'
import { ImportError } from './import-error.ts'

/**
 * Settings with which the documents are those of a source, and which are valid.
 *
 * @param serverName instead of the one in the source.
 * @throws {ImportError} if there is no valid server name.
 */
export function importSettings (description: Description, serverName: string | undefined): Draft {
  const draft = new Draft()
  draft.settings.set('SERVER_NAME', serverName ?? importServerName(description, draft))
  importDocuments(description, draft)
  importCaching(description, draft)
  for (const remark of description.remarks) {
    // What is wrong with the value has been said.
    if (remark.kind !== 'guess' || isSet(draft, remark)) draft.remarks.push(remark)
  }
  removeFaults(draft)
  return draft
}

/** What templates, shells and Compose replace by a value. */
const placeholder = /\$\{?\w|\{[^{}]*\}|<[^<>]*>/

function importServerName ({ serverName, source, serverNameElsewhere }: Description, draft: Draft): string {
  if (serverName === undefined) {
    const fix = serverNameElsewhere === undefined ? 'add' : `import ${serverNameElsewhere}, too, or add`
    throw new ImportError('ERR_IMPORT_ARGUMENTS', `${source}: no server name; ${fix} --server-name NAME`)
  }
  const invalid = findInvalidValue(parseServerName, serverName)
  if (invalid === undefined) return serverName
  const is = `${source}: the server name is ${quote(serverName)}`
  if (placeholder.test(serverName)) {
    const fix = 'import the file in which it has its value, or add --server-name NAME'
    throw new ImportError('ERR_IMPORT_UNUSABLE', `${is}: a placeholder; ${fix}`)
  }
  const text = `${is}: ${invalid.explanation}`
  if (invalid.suggestion === undefined) {
    throw new ImportError('ERR_IMPORT_UNUSABLE', `${text}; or add --server-name NAME`)
  }
  draft.remark('fixed', 'SERVER_NAME', text)
  return invalid.suggestion
}

function isSet ({ settings }: Draft, { variable }: Remark): boolean {
  return variable !== undefined && settings.has(variable)
}

/** A time that Synapse would not keep to is that of a host for all its files, and not meant for these. */
function importCaching ({ cacheMaxAge: age }: Description, draft: Draft): void {
  const usual = siteSettings.CACHE_MAX_AGE.default
  if (age === undefined || age === usual) return
  if (age >= synapseCache.min && age <= synapseCache.max) {
    draft.settings.set('CACHE_MAX_AGE', String(age))
  } else {
    const text = `the documents may be cached for ${age} seconds, but Synapse caches them for ${synapseCache.min} to ` +
      `${synapseCache.max} seconds. The default is ${usual}.`
    draft.remark('left-out', 'CACHE_MAX_AGE', text)
  }
}

/** Leaves out what the server would refuse to start with. */
function removeFaults (draft: Draft): void {
  while (true) {
    const { siteFaults } = readSite(Object.fromEntries(draft.settings))
    if (siteFaults.length === 0) return
    for (const name of siteSettingNames) {
      for (const { message } of siteFaults.filter(({ variable }) => variable === name)) {
        draft.remark('left-out', name, message)
        draft.settings.delete(name)
      }
    }
  }
}
