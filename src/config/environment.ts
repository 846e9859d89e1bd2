import { quote } from '../matrix/printable.ts'
import type { Fault } from './fault.ts'
import type { SettingName } from './settings.ts'
import { readTextFile } from './text-file.ts'

/** Names and values as in process.env. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The settings as they were given, without surrounding white space; empty ones are left out. */
export type Texts = ReadonlyMap<SettingName, string>

/** Reads the settings: each from `NAME`, or from the file that `NAME_FILE` names. */
export function readTexts (environment: Environment, names: readonly SettingName[]): { texts: Texts, faults: Fault[] } {
  const texts = new Map<SettingName, string>()
  const faults: Fault[] = []
  for (const name of names) {
    let text = environment[name]?.trim() ?? ''
    const file = environment[`${name}_FILE`]?.trim() ?? ''
    if (file !== '') {
      const message = `${name}_FILE is ${quote(file)}`
      if (text !== '') {
        faults.push({ variable: `${name}_FILE`, message: `${message}: ${name} is set too; remove one of them` })
      } else {
        const content = readTextFile(file)
        if (typeof content === 'string') text = content.trim()
        else faults.push({ variable: `${name}_FILE`, message: `${message}: ${content.message}` })
      }
    }
    if (/^(["']).*\1$/s.test(text)) {
      // A shell removes quotes; Compose and `docker run --env-file` pass them on.
      const message = `${name} is ${quote(text)}: the quotes are part of the value; remove them`
      faults.push({ variable: name, message })
    } else if (text !== '') {
      texts.set(name, text)
    }
  }
  return { texts, faults }
}
