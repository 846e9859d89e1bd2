import type { SettingName } from '../config/settings.ts'
import { escapeUnseen } from '../matrix/printable.ts'
import type { Draft, RemarkKind } from './draft.ts'

/** The order of .env.example. */
export const settingOrder: readonly SettingName[] = [
  'SERVER_NAME', 'HOST_ALIASES', 'M_SERVER', 'M_HOMESERVER_BASE_URL', 'SERVE_SERVER_WELLKNOWN',
  'M_IDENTITY_SERVER_BASE_URL', 'LIVEKIT_SERVICE_URL', 'EXTRA_WELL_KNOWN_CLIENT_CONTENT', 'SUPPORT_PAGE',
  'SUPPORT_CONTACTS', 'EXTRA_WELL_KNOWN_SUPPORT_CONTENT', 'POLICY_SERVER_ED25519', 'EXTRA_WELL_KNOWN_DOCUMENTS',
  'CACHE_MAX_AGE'
]

const introductions: Readonly<Record<RemarkKind, string>> = {
  fixed: 'Fixed',
  'left-out': 'Left out',
  guess: 'A guess, check it',
  note: 'Note'
}

const maxWidth = 120

/** The text of a `.env` file, with each remark as a comment at the setting that it is about. */
export function renderEnvFile (draft: Draft, source: string): string {
  const blocks = settingOrder.map(name => {
    const value = draft.settings.get(name)
    return [...commentsFor(draft, name), ...value === undefined ? [] : [`${name}=${quoteValue(value)}`]]
  })
  return [[`# Imported from ${escapeUnseen(source)}.`], ...blocks, commentsFor(draft, undefined)]
    .filter(lines => lines.length > 0)
    .map(lines => `${lines.join('\n')}\n`).join('\n')
}

/** The remarks, one line each. */
export function describeRemarks ({ remarks }: Draft): string[] {
  return remarks.map(({ kind, variable, text }) => {
    const subject = variable === undefined ? introductions[kind] : `${variable}: ${introductions[kind].toLowerCase()}`
    return `${subject}: ${text}`
  })
}

function commentsFor ({ remarks }: Draft, name: SettingName | undefined): string[] {
  return remarks.filter(({ variable }) => variable === name)
    .flatMap(({ kind, text }) => wrapComment(`${introductions[kind]}: ${escapeUnseen(text)}`))
}

/** A comment on lines that are not too long, broken between words. */
function wrapComment (text: string): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? '#'} ${word}`
    if (lines.length > 0 && longer.length <= maxWidth) lines[lines.length - 1] = longer
    else lines.push(`# ${word}`)
  }
  return lines
}

/**
 * A value in the quotes in which shells, Compose and this project read it as it is. The last kind, which only this
 * project and Compose know, is for a URL that has every other one of these characters.
 */
function quoteValue (value: string): string {
  if (/^[\w@%+=:,./[\]-]+$/.test(value)) return value
  if (!value.includes("'")) return `'${value}'`
  return /["$`\\]/.test(value) ? `\`${value}\`` : `"${value}"`
}
