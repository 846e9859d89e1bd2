import type { Target } from '../gather/discovery.ts'
import type { AddressState } from './address-state.ts'
import { because, combineAlternatives, works } from './outcome.ts'
import type { Cause, ReaderOutcome } from './outcome.ts'

/**
 * Which target of SRV records a server takes. They are tried by priority, and in any order if that is the same.
 *
 * - `first that connects`: whatever it finds there.
 * - `first that responds`: it also passes over one whose connection breaks, or whose certificate it doesn't trust.
 * - `any one`: the one that comes first in the response of DNS, whose order is random.
 */
export type TargetChoice = 'first that connects' | 'first that responds' | 'any one'

/** A target, and what a server meets at each of its addresses, of which it takes any that it can connect to. */
export interface TriedTarget {
  readonly target: Target
  readonly states: readonly AddressState[]
}

/** What a server achieves that chooses among the targets of an endpoint. */
export function chooseTarget (tried: readonly TriedTarget[], choice: TargetChoice): ReaderOutcome {
  if (choice !== 'any one') return tryInOrder(tried, choice)
  return combineAlternatives(tried.map(target => tryInOrder([target], 'first that connects')))
}

function tryInOrder (tried: readonly TriedTarget[], choice: Exclude<TargetChoice, 'any one'>): ReaderOutcome {
  const asked: TriedTarget[] = []
  let isExhausted = true
  for (const priority of new Set(tried.map(({ target }) => target.priority))) {
    const equal = tried.filter(({ target }) => target.priority === priority)
    asked.push(...equal)
    isExhausted = equal.every(({ states }) => mayPassOver(states, choice))
    if (!isExhausted) break
  }
  const states = asked.flatMap(({ states }) => states)
  const causes = asked.flatMap(({ states }) => findDeciding(states))
    .flatMap(state => state.kind === 'good' ? [] : state.causes)
  if (!states.some(({ kind }) => kind === 'good')) return explainFailure(tried, states, causes)
  const isCertain = !isExhausted && !states.some(({ kind }) => decides(kind, choice) && kind !== 'good')
  // While it waits for one that is silent, the request may run out of time.
  const isLate = asked.some(({ states }) =>
    !states.some(isConnected) && states.some(({ kind }) => kind === 'silent'))
  return isCertain && !isLate ? works : because('sometimes', ...causes)
}

/** What a server meets where it connects; an address where it can't matters only if there is no other. */
function findDeciding (states: readonly AddressState[]): readonly AddressState[] {
  const connected = states.filter(isConnected)
  return connected.length > 0 ? connected : states
}

/** Whether a server may go on to another target: it can't connect, or can't use the connection. */
function mayPassOver (states: readonly AddressState[], choice: TargetChoice): boolean {
  const connected = states.filter(isConnected)
  return connected.length === 0 || connected.some(({ kind }) => !decides(kind, choice))
}

function isConnected ({ kind }: AddressState): boolean {
  return kind === 'good' || kind === 'bad' || kind === 'broken'
}

/** Whether a server tries no other target after what it met at an address. */
function decides (kind: AddressState['kind'], choice: TargetChoice): boolean {
  return kind === 'good' || kind === 'bad' || (kind === 'broken' && choice === 'first that connects')
}

function explainFailure (
  tried: readonly TriedTarget[],
  states: readonly AddressState[],
  causes: readonly Cause[]
): ReaderOutcome {
  const [first] = tried.map(({ target: { host, port } }) => ({ host, port }))
  const unreachable: Cause = { findings: ['federation.unreachable'], about: { ...first } }
  if (states.some(isConnected)) return because('fails', ...causes, unreachable)
  return because(states.every(({ kind }) => kind === 'untried') ? 'unknown' : 'fails', unreachable, ...causes)
}
