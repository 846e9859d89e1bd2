import { rtcFociKey } from '../matrix/client-keys.ts'
import { documentPath } from '../site/documents.ts'
import { synapseMaxSize } from '../site/document-size.ts'
import type { Document } from '../site/documents.ts'
import { quote } from '../matrix/printable.ts'
import type { Texts } from './environment.ts'
import type { Fault } from './fault.ts'
import type { SettingName, SiteSettings } from './settings.ts'

/** Faults that lie between settings; those of a single one have been found by then. */
export function findContradictions (texts: Texts, { EXTRA_WELL_KNOWN_CLIENT_CONTENT }: SiteSettings): Fault[] {
  const faults: Fault[] = []
  if (!texts.has('M_HOMESERVER_BASE_URL')) {
    for (const variable of ['M_IDENTITY_SERVER_BASE_URL', 'LIVEKIT_SERVICE_URL', 'EXTRA_WELL_KNOWN_CLIENT_CONTENT'] as const) {
      const text = texts.get(variable)
      if (text !== undefined) {
        const advice = 'it would be served nowhere, since /client needs M_HOMESERVER_BASE_URL: set that too, or leave this out'
        faults.push({ variable, message: `${variable} is ${quote(text)}: ${advice}` })
      }
    }
  }
  for (const [key, content] of Object.entries(EXTRA_WELL_KNOWN_CLIENT_CONTENT)) {
    const filledBy = settingOfKey(key, texts)
    if (filledBy !== undefined) {
      const variable = 'EXTRA_WELL_KNOWN_CLIENT_CONTENT'
      faults.push({ variable, message: `${variable}, "${key}", is ${quote(content)}: leave it out and set ${filledBy} instead` })
    }
  }
  return faults
}

function settingOfKey (key: string, texts: Texts): SettingName | undefined {
  if (key === 'm.homeserver') return 'M_HOMESERVER_BASE_URL'
  if (key === 'm.identity_server') return 'M_IDENTITY_SERVER_BASE_URL'
  return key === rtcFociKey && texts.has('LIVEKIT_SERVICE_URL') ? 'LIVEKIT_SERVICE_URL' : undefined
}

/** Documents that Synapse would cut off: the longest setting is to blame. */
export function findOversizedDocuments (documents: readonly Document[], texts: Texts): Fault[] {
  return documents.filter(({ size }) => size > synapseMaxSize).map(({ name, size }) => {
    const [variable, text] = [...texts].reduce((left, right) => right[1].length > left[1].length ? right : left)
    return {
      variable,
      message: `${variable} is ${quote(text)}: with it ${documentPath(name)} is ${size} bytes long and Synapse reads at most ${synapseMaxSize}, shorten it`
    }
  })
}
