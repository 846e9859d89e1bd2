import type { SettingName } from '../config/settings.ts'

/**
 * What happened to something in a source: it was wrong and could be fixed, it could not be carried over, a setting is
 * only a guess, or something has to be known about it.
 */
export type RemarkKind = 'fixed' | 'left-out' | 'guess' | 'note'

export interface Remark {
  readonly kind: RemarkKind
  /** The setting that it is about; undefined if no setting has it. */
  readonly variable: SettingName | undefined
  /** On one line. */
  readonly text: string
}

/** The settings that are being put together, as in an environment, and what has to be said about them. */
export class Draft {
  readonly settings = new Map<SettingName, string>()
  readonly remarks: Remark[] = []

  remark (kind: RemarkKind, variable: SettingName | undefined, text: string): void {
    this.remarks.push({ kind, variable, text })
  }
}
