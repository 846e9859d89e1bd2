import { obsoleteClientKeys } from '../matrix/client-keys.ts'
import type { JsonObject } from '../matrix/json-object.ts'
import type { Remark } from './draft.ts'
import { describeUnsetClient, guessServer } from './homeserver.ts'
import type { HomeserverOptions } from './homeserver.ts'
import { textOf, valueOf } from './option.ts'

const options = {
  'm.server': 'global, well_known_server_name',
  'm.homeserver': 'global, well_known_client_name'
}

/**
 * Reads the options of Dendrite.
 *
 * @see https://element-hq.github.io/dendrite/installation/domainname
 */
export function readDendrite (values: JsonObject): HomeserverOptions {
  const global = valueOf(values, 'global')
  const baseUrl = textOf(global, 'well_known_client_name')
  const server = textOf(global, 'well_known_server_name')
  const remarks: Remark[] = baseUrl === undefined ? [describeUnsetClient('well_known_client_name', 'Dendrite')] : []
  if (textOf(global, 'well_known_sliding_sync_proxy') !== undefined) {
    const text = `well_known_sliding_sync_proxy is obsolete: ${obsoleteClientKeys.get('org.matrix.msc3575.proxy')}`
    remarks.push({ kind: 'left-out', variable: undefined, text })
  }
  return {
    serverName: textOf(global, 'server_name'),
    options,
    remarks,
    documents: {
      server: server === undefined ? guessServer('well_known_client_name', baseUrl, remarks) : { 'm.server': server },
      client: baseUrl === undefined ? undefined : { 'm.homeserver': { base_url: baseUrl } }
    }
  }
}
