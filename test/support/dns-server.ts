import { once } from 'node:events'
import { createTCPServer, createUDPServer, Packet } from 'dns2'
import type { DnsHandler, Question } from 'dns2'
import { listen } from './listen.ts'
import type { Scope } from './listen.ts'

/** A response without an answer. SILENT: no response at all. */
export type DnsFailure = 'SERVFAIL' | 'REFUSED' | 'SILENT'

export interface SrvRecord {
  readonly priority: number
  readonly weight: number
  readonly port: number
  readonly target: string
}

/** The records of a name. It has no records of any other type (NODATA). */
export interface NameRecords {
  readonly A?: readonly string[] | DnsFailure
  readonly AAAA?: readonly string[] | DnsFailure
  readonly SRV?: readonly SrvRecord[] | DnsFailure
  readonly CNAME?: string
  /** All queries for the name fail with this code. */
  readonly code?: DnsFailure
}

/** By name, ignoring case. Other names don't exist (NXDOMAIN), unless one of these is below them. */
export type DnsRecords = Readonly<Record<string, NameRecords>>

export interface DnsServer {
  /** In the format of `Resolver.setServers`: `127.0.0.1:PORT`. */
  readonly address: string
  /** All queries so far, in lower case: `SRV _matrix-fed._tcp.example.com`. */
  readonly queries: readonly string[]
}

type Resource = InstanceType<typeof Packet.Resource>
interface Answer {
  readonly resources: readonly Partial<Resource>[]
  readonly code: 'NOERROR' | 'NXDOMAIN' | DnsFailure
}

/** RFC 1035 §4.1.1. */
const rcodes = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const
const typeNames = new Map<number, string>(Object.entries(Packet.TYPE).map(([name, type]) => [type, name]))

interface SrvEncoder {
  encode: (record: SrvRecord, writer: { write: (value: number, bits: number) => void }) => void
}

/**
 * dns2 compresses the target of an SRV record, which RFC 2782 forbids and c-ares rejects since 1.34.7. Its types don't
 * include its encoders.
 */
const { SRV } = Packet.Resource as unknown as { SRV: SrvEncoder }
SRV.encode = ({ priority, weight, port, target }, writer) => {
  for (const value of [priority, weight, port]) writer.write(value, 16)
  for (const byte of Packet.Name.encode(target)) writer.write(byte, 8)
}

/** Starts a recursive resolver over UDP and TCP that knows only these records, on this port or on a free one. */
export async function startDnsServer (t: Scope, records: DnsRecords, wanted = 0): Promise<DnsServer> {
  const known = new Map(Object.entries(records).map(([name, value]) => [name.toLowerCase(), value]))
  const queries: string[] = []
  const handle: DnsHandler = (request, send) => {
    const [question] = request.questions
    if (question === undefined) return
    queries.push(`${typeNames.get(question.type) ?? question.type} ${question.name.toLowerCase()}`)
    const { code, resources } = answerTo(question, known)
    if (code === 'SILENT') return
    const response = Packet.createResponseFromRequest(request)
    response.header.ra = 1
    response.header.rcode = rcodes[code]
    const common = { class: Packet.CLASS.IN, ttl: 60 }
    response.answers = resources.map(resource => new Packet.Resource({ ...common, ...resource }))
    // The client may have disconnected.
    send(response).catch(() => {})
  }
  const port = await listenOnBoth(t, handle, wanted)
  return { address: `127.0.0.1:${port}`, queries }
}

function answerTo (question: Question, known: ReadonlyMap<string, NameRecords>): Answer {
  const resources: Partial<Resource>[] = []
  // A resolver follows aliases and includes them in its response (RFC 1034 §4.3.2); it gives up on a long chain.
  for (let name = question.name; resources.length < 10;) {
    const records = known.get(name.toLowerCase())
    if (records === undefined) {
      // A name with others below it exists, though empty (RFC 8020).
      const exists = [...known.keys()].some(other => other.endsWith(`.${name.toLowerCase()}`))
      return { resources, code: exists ? 'NOERROR' : 'NXDOMAIN' }
    }
    if (records.code !== undefined) return { resources: [], code: records.code }
    if (records.CNAME === undefined || question.type === Packet.TYPE.CNAME) {
      const found = resourcesOf(name, question.type, records)
      if (typeof found === 'string') return { resources: [], code: found }
      return { resources: [...resources, ...found], code: 'NOERROR' }
    }
    resources.push({ name, type: Packet.TYPE.CNAME, domain: records.CNAME })
    name = records.CNAME
  }
  return { resources: [], code: 'SERVFAIL' }
}

function resourcesOf (name: string, type: number, records: NameRecords): readonly Partial<Resource>[] | DnsFailure {
  switch (type) {
    case Packet.TYPE.A:
    case Packet.TYPE.AAAA: {
      const addresses = (type === Packet.TYPE.A ? records.A : records.AAAA) ?? []
      return typeof addresses === 'string' ? addresses : addresses.map(address => ({ name, type, address }))
    }
    case Packet.TYPE.SRV: {
      const services = records.SRV ?? []
      return typeof services === 'string' ? services : services.map(service => ({ name, type, ...service }))
    }
    case Packet.TYPE.CNAME:
      return records.CNAME === undefined ? [] : [{ name, type, domain: records.CNAME }]
    default:
      return []
  }
}

/** Listens on one port for both protocols, trying again if the port is only free for one of them. */
async function listenOnBoth (t: Scope, handle: DnsHandler, wanted: number): Promise<number> {
  for (;;) {
    const { port } = await listen(t, createTCPServer(handle), '127.0.0.1', wanted)
    const udp = createUDPServer(handle)
    try {
      udp.bind(port, '127.0.0.1')
      await once(udp, 'listening')
      t.teardown(() => { udp.close() })
      return port
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    }
  }
}
