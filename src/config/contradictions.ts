import { namesOfOneKey, rtcFociKey } from '../matrix/client-keys.ts'
import { findInvalidValue } from '../matrix/invalid-value.ts'
import { quote } from '../matrix/printable.ts'
import { synapseMaxSize } from '../site/document-size.ts'
import {
  documentKind, documentNames, documentPath, isDocumentName, parseDocumentName
} from '../site/documents.ts'
import type { Document, DocumentName } from '../site/documents.ts'
import { settingsOf } from './document-settings.ts'
import type { Texts } from './environment.ts'
import type { Fault } from './fault.ts'
import type { SettingName, SiteSettings } from './settings.ts'

/** Faults between settings; those of each setting have been found before. */
export function findContradictions (texts: Texts, values: SiteSettings): Fault[] {
  return [
    ...findUnserved(texts),
    ...findReservedKeys('client', values.EXTRA_WELL_KNOWN_CLIENT_CONTENT, texts),
    ...findKeysWithBothNames(values),
    ...findReservedKeys('support', values.EXTRA_WELL_KNOWN_SUPPORT_CONTENT, texts),
    ...findReservedDocuments(values)
  ]
}

/** Settings of a document that is not served without another setting. */
function * findUnserved (texts: Texts): Generator<Fault> {
  const needs: [variable: SettingName, document: DocumentName, ...needed: SettingName[]][] = [
    ['M_IDENTITY_SERVER_BASE_URL', 'client', 'M_HOMESERVER_BASE_URL'],
    ['LIVEKIT_SERVICE_URL', 'client', 'M_HOMESERVER_BASE_URL'],
    ['EXTRA_WELL_KNOWN_CLIENT_CONTENT', 'client', 'M_HOMESERVER_BASE_URL'],
    ['EXTRA_WELL_KNOWN_SUPPORT_CONTENT', 'support', 'SUPPORT_PAGE', 'SUPPORT_CONTACTS']
  ]
  for (const [variable, document, ...needed] of needs) {
    const text = texts.get(variable)
    if (text === undefined || needed.some(name => texts.has(name))) continue
    const fault = `not served, because /${document} needs ${needed.join(' or ')}`
    yield { variable, message: `${variable} is ${quote(text)}: ${fault}; set that too, or remove ${variable}` }
  }
}

/** Further keys of a document that a setting of their own fills, or that belong in another document. */
function * findReservedKeys (name: 'client' | 'support', content: object, texts: Texts): Generator<Fault> {
  const variable = documentKind(name).furtherKeys
  for (const [key, value] of Object.entries(content)) {
    const owner = documentNames.find(candidate => Object.hasOwn(documentKind(candidate).settings, key))
    if (owner === undefined) continue
    const setting = documentKind(owner).settings[key]
    // The entries of this key may be written out, for a type other than LiveKit.
    if (key === rtcFociKey && name === owner && !texts.has('LIVEKIT_SERVICE_URL')) continue
    const explanation = owner === name
      ? `${setting} fills this key; remove it here`
      : `a key of /${owner}, not of /${name}; remove it and set ${setting}`
    yield { variable, message: `${variable}, ${quote(key)}, is ${quote(value)}: ${explanation}` }
  }
}

/** ruma refuses a document that has a key under both of its names. */
function * findKeysWithBothNames (settings: SiteSettings): Generator<Fault> {
  const variable = 'EXTRA_WELL_KNOWN_CLIENT_CONTENT'
  const content = settings[variable]
  for (const [unstable, stable] of namesOfOneKey) {
    if (!Object.hasOwn(content, stable)) continue
    const is = `${variable}, ${quote(stable)}, is ${quote(content[stable])}`
    if (unstable === rtcFociKey && settings.LIVEKIT_SERVICE_URL.length > 0) {
      const fault = `LIVEKIT_SERVICE_URL fills the same key under its other name, ${quote(unstable)}`
      yield { variable, message: `${is}: ${fault}, so Element X rejects /client; remove one of them` }
    } else if (Object.hasOwn(content, unstable)) {
      const fault = `the same key is set under its other name, ${quote(unstable)}`
      yield { variable, message: `${is}: ${fault}, so Element X rejects /client; keep ${quote(unstable)}` }
    }
  }
}

function * findReservedDocuments ({ EXTRA_WELL_KNOWN_DOCUMENTS }: SiteSettings): Generator<Fault> {
  const variable = 'EXTRA_WELL_KNOWN_DOCUMENTS'
  for (const name of Object.keys(EXTRA_WELL_KNOWN_DOCUMENTS)) {
    const explanation = isDocumentName(name)
      ? `a document with settings of its own; use ${listAlternatives(settingsOf(name))}`
      : findInvalidValue(parseDocumentName, name)?.explanation
    if (explanation === undefined) continue
    yield { variable, message: `${variable} has the name ${quote(name)}: ${explanation}` }
  }
}

function listAlternatives (names: readonly SettingName[]): string {
  return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(new Set(names))
}

/** Documents that Synapse would not read in full. The longest of their settings is reported. */
export function findOversizedDocuments (documents: readonly Document[], texts: Texts): Fault[] {
  return documents.filter(({ size }) => size > synapseMaxSize).map(({ name, size }) => {
    const lengthOf = (variable: SettingName): number => texts.get(variable)?.length ?? 0
    const variable = settingsOf(name).reduce((left, right) => lengthOf(right) > lengthOf(left) ? right : left)
    const fault = `makes ${documentPath(name)} ${size} bytes long, more than the ${synapseMaxSize} that Synapse reads`
    return { variable, message: `${variable} is ${quote(texts.get(variable))}: ${fault}; shorten it` }
  })
}
