import { newest } from './nodes.ts'
import { spread } from './results.ts'
import type { Part, Subject } from './results.ts'
import type { Load } from './wrk.ts'

const width = 880
const labels = 340
const row = 30
const top = 62
const colours = { ours: '#0b6e4f', node: '#8fa3b0', foreign: '#c3ccd2', ink: '#1f2933', faint: '#6b7780', grid: '#e4e8eb' } as const

/** Requests per second, the fastest on top: the servers on the newest Node, and those that are not on Node. */
export function renderPlot (part: Part<Load>): string {
  const bars = part.subjects
    .filter(({ node }) => node === undefined || node === newest)
    .map(subject => ({ subject, ...spread(part, subject.id, ({ requestsPerSecond }) => requestsPerSecond) }))
    .toSorted((left, right) => right.median - left.median)
  const step = chooseStep(Math.max(...bars.map(({ high }) => high)))
  const end = Math.ceil(Math.max(...bars.map(({ high }) => high)) / step) * step
  const scale = (value: number): number => labels + value / end * (width - labels - 90)
  const bottom = top + bars.length * row
  const ticks = Array.from({ length: end / step + 1 }, (_, i) => i * step)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 34}" width="${width}" height="${bottom + 34}" font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="13" role="img" aria-label="Requests per second of each server">
<rect width="100%" height="100%" fill="white"/>
<text x="16" y="26" font-size="16" font-weight="bold" fill="${colours.ink}">Requests per second on one core</text>
<text x="16" y="46" font-size="12" fill="${colours.faint}">median, the line spans the middle half; the same headers and body from all; Node ${newest}</text>
${ticks.map(value => `<path d="M${x(value)} ${top}V${bottom}" stroke="${colours.grid}"/><text x="${x(value)}" y="${bottom + 18}" font-size="11" text-anchor="middle" fill="${colours.faint}">${value.toLocaleString('en')}</text>`).join('\n')}
${bars.map(({ subject, median, low, high }, i) => {
  const y = top + i * row
  const middle = y + row / 2
  const weight = isOurs(subject) ? ' font-weight="bold"' : ''
  return `<text x="${labels - 10}" y="${middle + 4}" text-anchor="end" fill="${colours.ink}"${weight}>${subject.name}</text>
<rect x="${labels}" y="${y + 5}" width="${(scale(median) - labels).toFixed(1)}" height="${row - 10}" fill="${colour(subject)}"/>
<path d="M${x(low)} ${middle}H${x(high)}" stroke="${colours.ink}" stroke-width="1.5"/>
<text x="${(scale(high) + 8).toFixed(1)}" y="${middle + 4}" fill="${colours.ink}"${weight}>${(Math.round(median / 100) * 100).toLocaleString('en')}</text>`
}).join('\n')}
</svg>
`

  function x (value: number): string {
    return scale(value).toFixed(1)
  }
}

function isOurs ({ role }: Subject): boolean {
  return ['ours', 'image', 'log-pipe', 'log-file'].includes(role)
}

function colour (subject: Subject): string {
  return isOurs(subject) ? colours.ours : subject.node === undefined ? colours.foreign : colours.node
}

/** So that there are about five lines at round numbers. */
function chooseStep (greatest: number): number {
  const power = 10 ** Math.floor(Math.log10(greatest / 5))
  return [1, 2, 5, 10].map(factor => factor * power).find(step => greatest / step <= 6) ?? 10 * power
}
