import type { Site } from '../../src/site/site.ts'

/** A site that configures no document, with the defaults of all settings. */
export const emptySite: Site = {
  serverName: 'example.com',
  hostAliases: [],
  delegatedServer: undefined,
  homeserverBaseUrl: undefined,
  identityServerBaseUrl: undefined,
  livekitServiceUrls: [],
  extraClientContent: {},
  supportPage: undefined,
  supportContacts: [],
  extraSupportContent: {},
  policyServerKey: undefined,
  extraDocuments: {},
  cacheMaxAge: 3600
}
