import { siteSettingNames } from '../config/settings.ts'
import { readSite } from '../config/site-config.ts'
import type { Description } from './description.ts'
import type { Draft } from './draft.ts'

/**
 * Notes what the server is going to warn about: settings that are valid but probably not intended. Of documents that
 * are published, those of further keys are left to the findings about the documents.
 */
export function noteWarnings ({ isPublished }: Description, draft: Draft): void {
  const { siteWarnings } = readSite(Object.fromEntries(draft.settings))
  for (const variable of siteSettingNames.filter(name => !isPublished || !name.startsWith('EXTRA_'))) {
    const warnings = siteWarnings.filter(warning => warning.variable === variable)
    for (const { message } of warnings) draft.remark('note', variable, message)
  }
}
