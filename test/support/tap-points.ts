import { Parser } from 'tap-parser'

/** A line of TAP, without its number. */
export interface TapPoint {
  ok: boolean
  name: string
  todo?: string | boolean
  diag?: Record<string, string>
}

/** What a program that understands TAP reads. */
export function parseTap (tap: string): { ok: boolean, points: TapPoint[] } {
  const points: TapPoint[] = []
  const parser = new Parser()
  parser.on('assert', point => points.push(point as TapPoint))
  parser.end(tap)
  return { ok: parser.ok, points }
}
