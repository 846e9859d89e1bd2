import { judgeTls } from './certificates.ts'
import type { Purpose } from './certificates.ts'
import { buildFinding } from './finding.ts'
import type { Finding, FindingId } from './finding.ts'
import { maxHeadSize } from '../network/peer.ts'
import type { Exchange, Failure } from '../network/peer.ts'

/** A host, a port and an address, for people. */
export function nameAddress (host: string, port: number, address: string): string {
  return host === address || host === `[${address}]` ? `${host}:${port}` : `${host}:${port} at ${address}`
}

/** What is wrong with the connection of an exchange: that none could be made, or its certificate. */
export function judgeConnection ({ tls, failure, response }: Exchange, purpose: Purpose, now: Date): Finding[] {
  const findings = tls === undefined ? [] : judgeTls(tls, purpose, now)
  if (failure !== undefined && response === undefined) findings.push(judgeFailure(failure, purpose))
  return findings
}

const ids: Readonly<Record<Failure['kind'], FindingId>> = {
  refused: 'address.refused',
  timeout: 'address.timeout',
  unroutable: 'address.unroutable',
  reset: 'address.reset',
  tls: 'address.tls',
  'not-http': 'address.http',
  other: 'address.reset'
}

function judgeFailure ({ kind, phase, message }: Failure, { area, subject }: Purpose): Finding {
  const [what, change] = describeFailure(kind, phase, message)
  return buildFinding(ids[kind], { area, subject, what, change, evidence: { phase, message } })
}

const during = { connect: 'the connection was made', tls: 'TLS was agreed on', response: 'an answer came' }

function describeFailure (kind: Failure['kind'], phase: Failure['phase'], message: string): [what: string, change: string] {
  switch (kind) {
    case 'refused':
      return ['Connections are refused: nothing listens there.', 'Start the server, have it listen at this address too, or take the address out of DNS.']
    case 'timeout':
      return [`Nothing came in time, before ${during[phase]}.`, phase === 'connect'
        ? 'Let the firewall pass this port, or take the address out of DNS.'
        : 'See whether what listens there hangs.']
    case 'unroutable':
      return [`From here there is no way to it (${message}).`, 'Check from a machine that has one, or take the address out of DNS.']
    case 'tls':
      return describeTlsFailure(message)
    case 'not-http':
      if (message.includes('HPE_HEADER_OVERFLOW')) return [`The headers of the answer are larger than ${maxHeadSize.toLocaleString('en')} bytes.`, 'See what sends so many headers, or so long ones.']
      return [`The answer is not HTTP: ${message}.`, 'See what listens on this port.']
    case 'reset':
      return [`The connection was closed before ${during[phase]}.`, 'See what the log of the server there says, and whether something in between cuts connections.']
    case 'other':
      return [`Nothing came of it before ${during[phase]}: ${message}.`, 'See what the log of the server there says.']
  }
}

function describeTlsFailure (message: string): [what: string, change: string] {
  if (/wrong version number|packet length too long|unknown protocol/.test(message)) return ['It speaks no TLS; plain HTTP, probably.', 'Have it speak TLS on this port, or name another port.']
  if (/protocol version|unsupported protocol/.test(message)) return ['It speaks neither TLS 1.2 nor TLS 1.3.', 'Allow TLS 1.2 and TLS 1.3 there.']
  return [`TLS fails: ${message}.`, 'See what the log of the server there says; a certificate for this name may be missing.']
}
