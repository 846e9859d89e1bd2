import type { JsonObject } from '../../matrix/json-object.ts'
import { hasHomeserver, isSecure, isSilent } from '../gather/client.ts'
import type { ClientFacts } from '../gather/client.ts'
import { isHttp } from './base-urls.ts'
import { judgeCallService } from './call-services.ts'
import { judgeCalls } from './calls.ts'
import { judgeDrift } from './drift.ts'
import type { Finding } from './finding.ts'
import { judgeHomeserver } from './homeserver.ts'
import type { WantedHomeserver } from './homeserver.ts'
import { judgeIdentityServer } from './identity-server.ts'

/** What is wrong with what a client finds after it has read the document. */
export function judgeClient (
  content: JsonObject,
  facts: ClientFacts | undefined,
  wanted: WantedHomeserver,
  now: Date
): Finding[] {
  if (facts === undefined) return []
  const { homeserver, ownDocument } = facts
  return [
    // With http://, nothing else matters.
    ...isHttp(homeserver.url) ? [] : judgeHomeserver(homeserver, wanted, now),
    ...!isHttp(homeserver.url) && hasHomeserver(facts)
      ? judgeCalls(content, homeserver.addresses.filter(({ versions }) => isSecure(versions)))
      : [],
    // What is wrong with a shared host is reported for the homeserver.
    ...facts.callServices
      .filter(({ host, port }) => !(isSilent(homeserver) && host === homeserver.host && port === homeserver.port))
      .flatMap(service => judgeCallService(service, wanted.serverName, now)),
    ...judgeIdentityServer(facts, now),
    ...judgeDrift(content, ownDocument)
  ]
}
