import { formatMinute } from '../minute.ts'
import { markup } from './markup.ts'
import type { Markup } from './markup.ts'

/** @param iso ISO 8601, in UTC. */
export function renderTime (iso: string): Markup {
  return markup`<time datetime="${iso}">${formatMinute(iso)}</time>`
}

/** The day of a time. */
export function renderDate (iso: string): Markup {
  return markup`<time datetime="${iso}">${iso.slice(0, 10)}</time>`
}
