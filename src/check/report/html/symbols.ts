import type { HopState } from '../paths/hop.ts'
import { markup } from './markup.ts'
import type { Markup } from './markup.ts'

/** A state as a shape of its own, 20 by 20, so that colour is not needed to tell it. */
const shapes: Readonly<Record<HopState, Markup>> = {
  works: markup`<circle class="fill" cx="10" cy="10" r="9"/><path class="cut" d="M6 10.5l3 3 5.5-6.5"/>`,
  fails: markup`<path class="fill" d="M6.3 1h7.4L19 6.3v7.4L13.7 19H6.3L1 13.7V6.3z"/>
<path class="cut" d="M6.8 6.8l6.4 6.4M13.2 6.8l-6.4 6.4"/>`,
  warning: markup`<path class="fill" d="M10 1.5l9 16.5H1z"/><path class="cut" d="M10 7.5v5M10 15v.6"/>`,
  unchecked: markup`<circle class="ring dashed" cx="10" cy="10" r="8.2"/>
<path class="mark" d="M7.8 8a2.2 2.2 0 1 1 3.1 2c-.6.3-.9.7-.9 1.5M10 14.1v.2"/>`,
  skipped: markup`<circle class="ring" cx="10" cy="10" r="8.2"/><path class="mark" d="M6.5 10h7"/>`
}

/** The shape of a state within a drawing, its upper left corner at these coordinates. */
export function placeSymbol (state: HopState, x: number, y: number): Markup {
  return markup`<g class="symbol ${state}" transform="translate(${x} ${y})">${shapes[state]}</g>`
}

/** The shape of a state beside a word that says the same. */
export function drawSymbol (state: HopState): Markup {
  return markup`<svg class="symbol ${state}" viewBox="0 0 20 20" aria-hidden="true">${shapes[state]}</svg>`
}

/** What people call the states of hops. */
export const stateWords: Readonly<Record<HopState, string>> = {
  works: 'works',
  warning: 'warning',
  fails: 'fails',
  unchecked: 'not checked',
  skipped: 'skipped'
}
