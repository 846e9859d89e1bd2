import type { SettingName } from '../config/settings.ts'
import { property } from '../matrix/json-object.ts'
import { quote } from '../matrix/printable.ts'
import { parseBaseUrl } from '../matrix/url.ts'
import type { Description } from './description.ts'
import type { Draft } from './draft.ts'

/** Fills a setting with the `base_url` of an object in `/client`. */
export function importBaseUrl (
  variable: SettingName, key: string, object: unknown, description: Description, draft: Draft
): void {
  const path = [key, 'base_url']
  const url = withoutMatrixPath(variable, path, String(property(object, 'base_url')), description, draft)
  draft.settings.set(variable, withoutSlash(variable, path, url, description, draft))
}

/** A URL without slashes at its end. In a configuration it may have one. */
export function withoutSlash (
  variable: SettingName, path: readonly string[], url: string, { describe, isPublished }: Description, draft: Draft
): string {
  const { href } = parseBaseUrl(url)
  if (isPublished && url.endsWith('/')) {
    draft.remark('fixed', variable, `${describe('client', path)} is ${quote(url)}: ends in "/"; use ${href}`)
  }
  return href
}

/** Clients append `/_matrix/…` to a base URL, also if it has that already. */
function withoutMatrixPath (
  variable: SettingName, path: readonly string[], url: string, { describe }: Description, draft: Draft
): string {
  const [, before, end] = /^(https?:\/\/[^/]+.*?)(\/_matrix(?:\/.*)?)$/i.exec(url) ?? []
  if (before === undefined) return url
  const { href } = parseBaseUrl(before)
  draft.remark('fixed', variable, `${describe('client', path)} is ${quote(url)}: ends in ${quote(end)}; use ${href}`)
  return href
}
