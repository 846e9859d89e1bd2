import type { ClientSideFacts, Facts, FederationFacts } from '../gather/gather.ts'
import { parseServerName } from '../../matrix/server-name.ts'
import { followReaders } from './readers.ts'
import type { ReaderOutcomes } from './readers.ts'

/**
 * What each reader makes of the documents, if nothing else was gathered. It fails if it would fail at a document;
 * otherwise, where that leads is unknown.
 */
export function followDocuments (facts: Facts, now: Date): ReaderOutcomes {
  return followReaders({ ...facts, federation: leadNowhere(facts), client: leadClientsNowhere(facts) }, now)
}

function leadNowhere ({ serverName }: Facts): FederationFacts | undefined {
  const { kind, port } = parseServerName(serverName)
  // Servers don't read a document then.
  if (kind !== 'dns' || port !== undefined) return undefined
  const discovery = {
    steps: [], endpoint: undefined, refusal: undefined, delegation: undefined, shadowed: [], failedLookups: []
  }
  return { discovery, addresses: [], routes: [], elsewhere: undefined, candidates: [] }
}

function leadClientsNowhere ({ inspections }: Facts): ClientSideFacts {
  const [document, ...others] = inspections.get('client')?.map(({ fetch }) => fetch) ?? []
  return {
    document,
    facts: undefined,
    others: others.map(document => ({ document, facts: undefined })),
    atServerName: undefined,
    elsewhere: undefined
  }
}
