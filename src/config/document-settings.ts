import { documentKinds, isDocumentName } from '../site/documents.ts'
import type { DocumentName } from '../site/documents.ts'
import type { SettingName } from './settings.ts'

interface KindOfSettings {
  readonly settings: Readonly<Record<string, SettingName>>
  readonly furtherKeys: SettingName
}

/** The kinds of documents, which name only settings that exist: otherwise this doesn't compile. */
const kindsOfSettings: Readonly<Record<DocumentName, KindOfSettings>> = documentKinds

/** The settings that fill a document. */
export function settingsOf (name: string): SettingName[] {
  if (!isDocumentName(name)) return ['EXTRA_WELL_KNOWN_DOCUMENTS']
  const { settings, furtherKeys } = kindsOfSettings[name]
  return [...Object.values(settings), furtherKeys]
}

/** The setting that fills a key of a document. */
export function settingOfKey (name: DocumentName, key: string): SettingName {
  const { settings, furtherKeys } = kindsOfSettings[name]
  return (Object.hasOwn(settings, key) ? settings[key] : undefined) ?? furtherKeys
}
