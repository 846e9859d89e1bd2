/** A time for people, to the minute: `2026-01-31 12:00 UTC`. @param iso ISO 8601, in UTC. */
export function formatMinute (iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`
}
