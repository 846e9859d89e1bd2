import { whyNoDelegation } from '../../gather/discovery.ts'
import type { Discovery, Endpoint } from '../../gather/discovery.ts'
import { readSoftware } from '../../gather/federation.ts'
import type { FederationAddress } from '../../gather/federation.ts'
import type { Facts, FederationFacts } from '../../gather/gather.ts'
import type { SrvLookup } from '../../network/dns.ts'
import { findServerFault } from '../../readers/address-state.ts'
import { buildAddressHop, buildTlsHop, describeSilence, stateOfLookup } from './connection-hops.ts'
import { buildDocumentHop } from './document-hop.ts'
import { listFound, stateOf } from './hop.ts'
import type { PlainHop } from './hop.ts'

/** The way of other servers to the homeserver, as the specification has it. */
export function buildServerPath (
  facts: Facts,
  { discovery, addresses }: FederationFacts,
  now: Date
): PlainHop[] {
  const { serverName, lookup } = facts
  const { endpoint } = discovery
  const direct = endpoint?.step === '1' || endpoint?.step === '2' ? whyDirect[endpoint.step] : undefined
  const connections = addresses.map(({ keys, version }) => keys.response === undefined ? version : keys)
  return [
    { hop: 'server-name', state: stateOfLookup(lookup), found: listFound([serverName, ...lookup.addresses]) },
    direct === undefined
      ? buildDocumentHop(facts, 'server', fetch => whyNoDelegation(fetch) === undefined)
      : { hop: 'well-known', state: 'skipped', found: [direct] },
    buildDelegatedNameHop(discovery),
    buildSrvHop(discovery),
    buildAddressHop(endpoint?.targets ?? [], connections),
    buildTlsHop(connections, now),
    buildHomeserverHop(addresses, now)
  ]
}

const whyDirect = { 1: 'the server name is an IP address', 2: 'the server name has a port' } as const

function buildDelegatedNameHop ({ delegation }: Discovery): PlainHop {
  const name = delegation?.reading?.content?.['m.server']
  return typeof name === 'string'
    ? { hop: 'delegated-name', state: 'works', found: [name] }
    : { hop: 'delegated-name', state: 'skipped', found: ['none'] }
}

function buildSrvHop ({ endpoint, refusal, failedLookups }: Discovery): PlainHop {
  if (refusal !== undefined) return { hop: 'srv', state: 'fails', found: [`${refusal}: no such service`] }
  if (endpoint === undefined) return { hop: 'srv', state: 'unchecked', found: [] }
  const found = listFound([
    ...describeEndpoint(endpoint),
    ...failedLookups.map(({ name, failure }) => `${name}: ${failure?.code}`)
  ])
  if (failedLookups.length > 0) {
    return { hop: 'srv', state: failedLookups.some(isAnswered) ? 'warning' : 'unchecked', found }
  }
  const isUsed = ['3.3', '3.4', '4', '5'].includes(endpoint.step)
  return { hop: 'srv', state: isUsed ? 'works' : 'skipped', found }
}

/** Whether DNS responds to this machine, even if with an error. */
function isAnswered ({ failure }: SrvLookup): boolean {
  return failure?.kind !== 'timeout' && failure?.kind !== 'unreachable'
}

function describeEndpoint ({ step, targets }: Endpoint): string[] {
  switch (step) {
    case '1':
    case '3.1': return ['the name is an IP address']
    case '2':
    case '3.2': return ['the name has a port']
    case '3.5':
    case '6': return ['none, so port 8448']
    default: return targets.map(({ host, port }) => `${host}:${port}`)
  }
}

function buildHomeserverHop (addresses: readonly FederationAddress[], now: Date): PlainHop {
  const responding = addresses.filter(({ keys }) => keys.response !== undefined)
    .map(address => ({ ...address, fault: findServerFault(address, now) }))
  return {
    hop: 'homeserver',
    state: stateOf(responding.map(({ fault }) => fault === undefined)),
    found: listFound([
      ...responding.flatMap(({ version, keys, fault }) => [
        readSoftware(version) ?? `status ${keys.response?.status} for its keys`,
        ...fault === undefined ? [] : [serverFaults[fault]]
      ]),
      ...describeSilence(addresses.map(({ keys }) => keys))
    ])
  }
}

const serverFaults: Readonly<Record<NonNullable<ReturnType<typeof findServerFault>>, string>> = {
  'not-served': 'no federation',
  keys: 'no valid keys',
  'decoded-path': 'decoded paths'
}
