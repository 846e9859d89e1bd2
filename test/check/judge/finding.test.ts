import type { RequestListener } from 'node:http'
import { test } from 'tap'
import { sortFindings } from '../../../src/check/judge/finding.ts'
import type { Finding, FindingId, Severity } from '../../../src/check/judge/finding.ts'
import { describeFinding } from '../../../src/check/report/finding-text.ts'
import { json, wellKnown } from '../../support/responses.ts'
import { sharedAuthority } from '../../support/certificates.ts'
import { checkWorld } from '../../support/check-world.ts'
import { startHealthyWorld } from '../../support/healthy-world.ts'
import type { Changes } from '../../support/healthy-world.ts'

/** Characters that are invisible or control a terminal. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u
const evil = '\u001b[2J\u009b31m\r\n\u0007\u202eevil\u2028\u007f\u0000'
/** The part of it that a header may contain, which Node reads as Latin-1. */
const evilHeader = '\u009b31m\u0085\u00adevil'

function headers (values: Record<string, string>, status = '200 OK', body = '{}'): RequestListener {
  return ({ socket }) => {
    const lines = Object.entries({ ...values, 'Content-Length': String(body.length) }).map(
      ([name, value]) => `${name}: ${value}\r\n`
    )
    socket.write(Buffer.from(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${body}`, 'latin1'))
  }
}

const server = 'GET /.well-known/matrix/server'
const client = 'GET /.well-known/matrix/client'
const support = 'GET /.well-known/matrix/support'

const worlds: Readonly<Record<string, Changes>> = {
  'in m.server': { site: { [server]: wellKnown({ 'm.server': evil }) } },
  'in /client': {
    site: {
      [client]: wellKnown({
        'm.homeserver': { base_url: evil, [evil]: evil },
        [evil]: evil,
        'm.identity_server': { base_url: `https://${evil}` }
      })
    }
  },
  'in /client, in what is optional': {
    site: {
      [client]: wellKnown({
        'm.homeserver': { base_url: 'https://matrix.example.com' },
        'm.identity_server': { base_url: `https://matrix.example.com/${evil}` },
        'org.matrix.msc4143.rtc_foci': [
          { type: evil, livekit_service_url: evil },
          { type: 'livekit', livekit_service_url: `https://matrix.example.com/${evil}` }
        ]
      })
    },
    homeserver: {
      routes: {
        'GET /_matrix/client/v1/rtc/transports': json({
          rtc_transports: [{ type: 'livekit', livekit_service_url: evil }]
        })
      }
    }
  },
  'in /support': {
    site: {
      [support]: wellKnown({
        contacts: [{ role: evil, matrix_id: evil, email_address: evil, [evil]: evil }],
        support_page: evil
      })
    }
  },
  'in the headers of a response': {
    site: {
      [client]: headers({
        'Content-Type': evilHeader,
        'Access-Control-Allow-Origin': evilHeader,
        'Cache-Control': `max-age=${evilHeader}`,
        Server: evilHeader,
        Expires: evilHeader
      })
    }
  },
  'in headers that are sent twice': {
    site: {
      [server]: headers({
        'Content-Type': evilHeader,
        'content-type': evilHeader,
        'Access-Control-Allow-Origin': evilHeader,
        'access-control-allow-origin': evilHeader
      })
    }
  },
  'in a redirect that is followed': {
    site: { [client]: headers({ Location: `/other?${evilHeader}` }, '302 Found') }
  },
  'in a redirect that leads nowhere': {
    site: { [server]: headers({ Location: `https://${evilHeader}/` }, '302 Found') }
  },
  'in a redirect to http': {
    site: { [server]: headers({ Location: `http://example.com/${evilHeader}` }, '302 Found') }
  },
  'in the name of the server': { homeserver: { keys: { serverName: evil } } },
  'in the ids of keys': {
    homeserver: {
      routes: {
        'GET /_matrix/key/v2/server': json({
          server_name: 'example.com',
          valid_until_ts: 1,
          verify_keys: { [`ed25519:${evil}`]: { key: evil } },
          signatures: {}
        })
      }
    }
  },
  'in versions': {
    homeserver: {
      versions: [evil],
      routes: { 'GET /_matrix/federation/v1/version': json({ server: { name: evil, version: evil } }) }
    }
  },
  'in the names of a certificate': {
    hosts: {
      '45.0.0.3:443': {
        certificate: {
          ...sharedAuthority().issue({ names: [`DNS:${'e'.repeat(40)}`], by: 'itself' }),
          ...withEvilName()
        },
        handler: json({})
      }
    }
  },
  'in the target of an SRV record': {
    site: { [server]: undefined },
    records: {
      '_matrix-fed._tcp.example.com': {
        SRV: [{ priority: 1, weight: 1, port: 8448, target: `${evil.replace('\u0000', '')}.example.com` }]
      },
      '_matrix._tcp.example.com': { SRV: [{ priority: 1, weight: 1, port: 8448, target: 'alias.example.com' }] }
    }
  }
}

/** A certificate for a name with an escape sequence: an issued one, patched. Its signature is not verified first. */
function withEvilName (): { certificate: string } {
  const { certificate } = sharedAuthority().issue({ names: [`DNS:${'e'.repeat(40)}`], by: 'itself' })
  const der = Buffer.from(certificate.replace(/-----[^-]+-----|\s/g, ''), 'base64')
  const placeholder = 'e'.repeat(40)
  for (let at = der.indexOf(placeholder); at !== -1; at = der.indexOf(placeholder, at)) {
    der.write('\u001b[31m\r\n, DNS:matrix.example.com', at, 'latin1')
  }
  return { certificate: `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n` }
}

for (const [title, changes] of Object.entries(worlds)) {
  test(`no text of a finding contains control characters that a peer sends ${title}`, async t => {
    const { findings } = await checkWorld(await startHealthyWorld(t, changes))
    t.ok(findings.length > 0)
    for (const { subject, what, fix } of findings) {
      for (const sentence of [subject, what, fix]) t.notMatch(sentence, unseen, sentence)
      t.ok(what.length < 600 && fix.length < 600 && subject.length < 600, 'short')
    }
  })
}

test('cuts text that is long, and escapes invisible characters, wherever they come from', t => {
  const about = { host: 'a\u001bb' }
  const finding = {
    id: 'address.reset', severity: 'notice', readers: [], area: 'documents', about, evidence: {}
  } as const
  const print = (message: string): unknown => describeFinding({ ...finding, parts: { phase: 'tls', message } })
  t.match(print('tab\there, ü and 😀 there'), {
    subject: 'a\\u{1b}b',
    what: /tab\\u\{9\}here, ü and 😀 there/,
    about
  })
  t.match(print('x'.repeat(1000)), { what: /^.{499}…$/ })
  t.end()
})

test('sorts findings by severity, and keeps their order otherwise', t => {
  const finding = { readers: [], area: 'documents', about: {}, parts: {}, evidence: {} } as const
  const cases: ReadonlyArray<readonly [id: FindingId, severity: Severity]> = [
    ['cache.short', 'notice'],
    ['document.slow', 'warning'],
    ['document.html', 'failure'],
    ['cache.default', 'notice'],
    ['document.large', 'warning'],
    ['document.json', 'failure']
  ]
  const findings: Finding[] = cases.map(([id, severity]) => ({ ...finding, id, severity }))
  const sorted = ['document.html', 'document.json', 'document.slow', 'document.large', 'cache.short', 'cache.default']
  t.strictSame(
    sortFindings(findings).map(({ id }) => id),
    sorted
  )
  t.end()
})
