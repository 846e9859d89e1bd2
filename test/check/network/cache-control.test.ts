import t from 'tap'
import { formatSpan } from '../../../src/check/judge/time-span.ts'
import { readCacheSeconds, readSynapseCacheSeconds } from '../../../src/check/network/cache-control.ts'

const now = new Date('2026-07-21T12:00:00Z')

t.test('reads Cache-Control and Expires as Synapse does', async t => {
  const cases: [
    headers: ReadonlyArray<readonly [name: string, value: string]>,
    says: number | undefined,
    keeps: number
  ][] = [
    [[], undefined, 86_400],
    [[['cache-control', 'public, max-age=3600']], 3600, 3600],
    [[['cache-control', 'PUBLIC, Max-Age = 3600']], 3600, 3600],
    [[['cache-control', 'max-age=0']], 0, 300],
    [[['cache-control', 'max-age=-5']], 0, 300],
    [[['cache-control', 'max-age=31536000, immutable']], 31_536_000, 172_800],
    [[['cache-control', 's-maxage=60']], undefined, 86_400],
    [[['cache-control', 'no-cache']], undefined, 86_400],
    [[['cache-control', 'no-cache, max-age=600']], 600, 600],
    [[['cache-control', 'no-store, max-age=600']], 0, 300],
    [
      [
        ['cache-control', 'max-age=600'],
        ['cache-control', 'no-store']
      ],
      0,
      300
    ],
    [
      [
        ['cache-control', 'max-age=600'],
        ['cache-control', 'max-age=7200']
      ],
      7200,
      7200
    ],
    [[['cache-control', 'max-age="600"']], undefined, 86_400],
    [[['cache-control', 'max-age=600s']], undefined, 86_400],
    [[['cache-control', 'max-age']], undefined, 86_400],
    [
      [
        ['cache-control', 'max-age='],
        ['expires', 'Tue, 21 Jul 2026 13:00:00 GMT']
      ],
      3600,
      3600
    ],
    [[['cache-control', '=,;,,']], undefined, 86_400],
    [[['expires', 'Tue, 21 Jul 2026 13:00:00 GMT']], 3600, 3600],
    [[['expires', 'Tue, 21 Jul 2026 11:00:00 GMT']], 0, 300],
    [
      [
        ['expires', 'Tue, 21 Jul 2026 11:00:00 GMT'],
        ['expires', 'Tue, 21 Jul 2026 13:00:00 GMT']
      ],
      3600,
      3600
    ],
    [
      [
        ['cache-control', 'max-age=600'],
        ['expires', 'Tue, 21 Jul 2026 13:00:00 GMT']
      ],
      600,
      600
    ],
    [[['expires', '0']], 0, 300],
    [[['expires', '3600']], 0, 300],
    [[['expires', '-1']], 0, 300],
    [[['expires', 'tomorrow']], 0, 300]
  ]
  for (const [headers, says, keeps] of cases) {
    const seconds = readCacheSeconds({ status: 200, headers, body: Buffer.of(), truncated: false }, now)
    t.equal(seconds, says, JSON.stringify(headers))
    t.equal(readSynapseCacheSeconds(seconds), keeps, JSON.stringify(headers))
  }
})

t.test('formats a span of time in a unit that fits', async t => {
  const spans = {
    0: '0 seconds',
    1: '1 second',
    119: '119 seconds',
    120: '2 minutes',
    60: '1 minute',
    3600: '1 hour',
    86_400: '1 day',
    172_800: '2 days',
    172_799: '48 hours',
    31_536_000: '365 days'
  }
  for (const [seconds, span] of Object.entries(spans)) t.equal(formatSpan(Number(seconds)), span)
})
