import { isUntried } from '../network/peer.ts'
import type { Exchange, Failure } from '../network/peer.ts'
import { describeConnectionFailure, writeFailure } from './reachability.ts'

/** A place where a connection got no response, and why. */
export interface FailedPlace {
  readonly place: string
  readonly failure: Failure
}

/** For docs/findings.md. */
export const exampleFailure: FailedPlace = {
  place: '192.0.2.1',
  failure: { kind: 'refused', phase: 'connect', message: 'connect ECONNREFUSED 192.0.2.1:443' }
}

/** Why these exchanges have no response; each is named by its address unless `place` is another name. */
export function listFailures (exchanges: readonly Exchange[], place?: string): FailedPlace[] {
  return exchanges.flatMap(({ address, failure, response }) =>
    failure === undefined || response !== undefined ? [] : [{ place: place ?? address, failure }])
}

/** Why a service has no response, if that is known. */
export function listFailure (
  { url, failure }: { readonly url: string, readonly failure: Failure | undefined }
): FailedPlace[] {
  return failure === undefined ? [] : [{ place: url, failure }]
}

/** Whether none of these places can be tried from here, so that other machines may reach them. */
export function areUntried (failures: readonly FailedPlace[]): boolean {
  return failures.length > 0 && failures.every(({ failure }) => isUntried(failure))
}

/** Why a host can't be checked from here, in a few words; empty if it can. */
export function explainUntried (failures: readonly FailedPlace[], host: string): string {
  if (!areUntried(failures)) return ''
  return isAnyRefused(failures)
    ? `--public-only refuses to connect to ${host}`
    : `there is no route to ${host} from this machine`
}

/** How to check what can't be checked from here. */
export function fixUntried (failures: readonly FailedPlace[]): string {
  return isAnyRefused(failures)
    ? 'Use a public address. To check this one, leave out --public-only.'
    : 'Check from a machine on the internet, outside this network.'
}

function isAnyRefused (failures: readonly FailedPlace[]): boolean {
  return failures.some(({ failure }) => failure.kind === 'not-public')
}

/** Whether a connection was made, so that something listens there. */
export function isAnyConnected (failures: readonly FailedPlace[]): boolean {
  return failures.some(({ failure }) => failure.phase !== 'connect')
}

/** Why there is no response, in a sentence for all places, or in one for each. */
export function describeFailures (failures: readonly FailedPlace[]): string {
  const sentences = new Set(failures.map(({ failure }) => describeConnectionFailure(failure)))
  return sentences.size === 1
    ? [...sentences].join()
    : failures.map(({ place, failure }) => `${place}: ${describeConnectionFailure(failure)}`).join(' ')
}

/** What to do if there is no response for one of these reasons; undefined if nothing listens there. */
export function fixFailures (failures: readonly FailedPlace[], host: string, port: number): string | undefined {
  const connected = failures.find(({ failure }) => failure.phase !== 'connect')
  if (connected !== undefined) return writeFailure(connected.failure).fix
  return failures.some(({ failure }) => failure.kind === 'timeout')
    ? `Open port ${port} in the firewall of ${host}.`
    : undefined
}
