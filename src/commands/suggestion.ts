import { settingNames } from '../config/settings.ts'
import { findInvalidValue } from '../matrix/invalid-value.ts'
import { quote } from '../matrix/printable.ts'
import { parseServerName } from '../matrix/server-name.ts'
import { findSimilar } from '../matrix/similar-name.ts'
import type { UnknownWord } from './command-line.ts'

/** What was probably meant by a command or an option that doesn't exist, as a sentence. */
export function suggestMeant ({ word, known }: UnknownWord): string | undefined {
  const similar = findSimilar(word.toLowerCase(), known)
  if (similar !== undefined) return `Did you mean ${quote(similar)}?`
  const setting = findSetting(word)
  if (setting !== undefined) return `${setting} is a setting: put it into the environment or into .env.`
  const serverName = findServerName(word)
  return serverName && `To check a server name, run "matrix-well-known check ${serverName}".`
}

function findSetting (option: string): string | undefined {
  const name = option.replace(/^--/, '').replaceAll('-', '_').toUpperCase()
  return option.startsWith('--') ? settingNames.find(setting => setting === name) : undefined
}

/** A name without a dot is rather a misspelled command. */
function findServerName (word: string): string | undefined {
  const invalid = findInvalidValue(parseServerName, word)
  const serverName = invalid === undefined ? word : invalid.suggestion
  return serverName?.includes('.') === true ? serverName : undefined
}
