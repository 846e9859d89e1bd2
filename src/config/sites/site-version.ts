import { buildEntityTag } from '../../site/entity-tag.ts'
import { hostsOf } from '../../site/hosts.ts'
import { buildResponses } from '../../site/responses.ts'
import type { SiteResponses } from '../../site/responses.ts'
import type { SiteConfig } from '../site-config.ts'
import type { Claim } from './host-claims.ts'

/** What is kept of a file without faults: little, because there may be 100,000. */
export interface SiteVersion extends Claim {
  readonly responses: SiteResponses
  /** Of all that is served or reported: equal for versions that differ only in comments. */
  readonly tag: string
}

export function buildVersion (file: string, { site, documents, warnings }: SiteConfig): SiteVersion {
  const hosts = hostsOf(site)
  const bodies = documents.map(({ name, body }) => [name, body])
  const tag = buildEntityTag(JSON.stringify([hosts, site.cacheMaxAge, bodies, warnings]))
  return { file, hosts, responses: buildResponses(site, documents), tag }
}
