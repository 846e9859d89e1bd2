import { test } from 'tap'
import { judgeCertificate } from '../../../src/check/judge/certificates.ts'
import { describeFinding } from '../../../src/check/report/finding-text.ts'
import { nameOf } from '../../../src/check/network/certificate.ts'
import { sharedAuthority } from '../../support/certificates.ts'
import type { Certificate, CertificateRequest } from '../../support/certificates.ts'
import { checkWorld } from '../../support/check-world.ts'
import { describeHealthyWorld, startHealthyWorld } from '../../support/healthy-world.ts'
import { buildHomeserver } from '../../support/homeserver.ts'
import { startWorld } from '../../support/world.ts'
import type { HttpsHost } from '../../support/world.ts'

const day = 86_400_000
const name = 'matrix.example.com'
const names = [`DNS:${name}`]

function issue (request: Partial<CertificateRequest>): Certificate {
  return sharedAuthority().issue({ names, ...request })
}

function inDays (days: number): Date {
  return new Date(Date.now() + days * day)
}

function on (date: Date): string {
  return date.toISOString().slice(0, 10)
}

function homeserver (certificate: HttpsHost['certificate']): HttpsHost {
  return { certificate, handler: buildHomeserver({ serverName: 'example.com' }) }
}

const withIntermediate = issue({ by: 'intermediate' })
const expiry = inDays(-2)

interface Expected {
  readonly id: string
  readonly what: string | RegExp
  readonly fix: RegExp
}

const faults: Readonly<Record<string, readonly [certificate: HttpsHost['certificate'], finding: Expected]>> = {
  'has expired': [
    issue({ validTo: expiry }),
    {
      id: 'certificate.expired',
      what: `The certificate for ${name} expired on ${on(expiry)}.`,
      fix: /^Renew it and reload/
    }
  ],
  "isn't valid yet": [
    issue({ validFrom: inDays(2) }),
    {
      id: 'certificate.not-yet-valid',
      what: new RegExp(`^The certificate for ${name} is valid from ${on(inDays(2))}T.*Z\\.$`),
      fix: /clocks/
    }
  ],
  'is for another name': [
    ['DNS:www.example.com'],
    {
      id: 'certificate.name',
      what: `The certificate is for www.example.com, not for ${name}.`,
      fix: /^Get a certificate for matrix\.example\.com/
    }
  ],
  'is for a part of a label': [
    ['DNS:m*.example.com'],
    {
      id: 'certificate.name',
      what: `The certificate is for m*.example.com, not for ${name}.`,
      fix: /^Get a certificate for matrix\.example\.com/
    }
  ],
  'is for many other names': [
    ['DNS:a.example', 'DNS:*.b.example', 'IP:45.0.0.3', 'DNS:c.example', 'DNS:d.example'],
    {
      id: 'certificate.name',
      what: `The certificate is for a.example, *.b.example, 45.0.0.3 and 2 more, not for ${name}.`,
      fix: /^Get a certificate for matrix\.example\.com/
    }
  ],
  'is for no name': [
    [],
    {
      id: 'certificate.name',
      what: `The certificate is for no name, not for ${name}.`,
      fix: /^Get a certificate for matrix\.example\.com/
    }
  ],
  'is self-signed': [
    issue({ by: 'itself' }),
    {
      id: 'certificate.self-signed',
      what: `The certificate for ${name} is self-signed.`,
      fix: /from a public authority/
    }
  ],
  'is sent without its intermediate': [
    { ...withIntermediate, certificate: withIntermediate.withoutIntermediate },
    {
      id: 'certificate.incomplete',
      what:
        'The certificate is signed by Test Intermediate, ' +
        "but the server doesn't send the certificate of Test Intermediate.",
      fix: /fullchain\.pem/
    }
  ]
}

for (const [title, [certificate, finding]] of Object.entries(faults)) {
  test(`finds a certificate that ${title}`, async t => {
    const world = await startHealthyWorld(t, { hosts: { '45.0.0.3:443': homeserver(certificate) } })
    const { findings, verdict } = await checkWorld(world)
    t.match(findings, [{ subject: 'matrix.example.com:443 at 45.0.0.3', severity: 'failure', ...finding }])
    t.strictSame(
      findings.filter(({ id, what }) => id.startsWith('certificate.') && what !== findings[0]?.what),
      [],
      'one fault, one finding'
    )
    t.match(verdict, { federation: 'fails', clients: 'fails' })
  })
}

test('reports both faults of a certificate', async t => {
  const world = await startHealthyWorld(t, {
    hosts: { '45.0.0.3:443': homeserver(issue({ names: ['DNS:localhost'], by: 'itself' })) }
  })
  const { findings } = await checkWorld(world, { only: 'federation' })
  t.match(
    findings.map(({ id }) => id),
    ['certificate.self-signed', 'certificate.name']
  )
})

test('finds a certificate from an unknown authority', async t => {
  const world = await startHealthyWorld(t)
  const { findings } = await checkWorld(world, {
    ca: [issue({ names: ['DNS:other'], by: 'itself' }).certificate],
    serverName: 'matrix.example.com:443',
    only: 'federation'
  })
  t.match(
    findings.find(({ id }) => id.startsWith('certificate.')),
    {
      id: 'certificate.incomplete',
      what: "The certificate is signed by Test CA, but the server doesn't send the certificate of Test CA.",
      fix: /To trust an authority of your own, use --ca/
    }
  )
})

test('finds a chain that ends in an unknown authority', async t => {
  const world = await startHealthyWorld(t, { hosts: { '45.0.0.3:443': homeserver(withIntermediate) } })
  const { findings } = await checkWorld(world, {
    ca: [issue({ names: ['DNS:other'], by: 'itself' }).certificate],
    serverName: 'matrix.example.com:443',
    only: 'federation'
  })
  t.match(
    findings.find(({ id }) => id.startsWith('certificate.')),
    {
      id: 'certificate.untrusted',
      what: "The certificate isn't trusted: Test CA is unknown here (UNABLE_TO_GET_ISSUER_CERT_LOCALLY).",
      fix: /--ca/
    }
  )
})

test('accepts a chain with its intermediate', async t => {
  const world = await startHealthyWorld(t, { hosts: { '45.0.0.3:443': homeserver(withIntermediate) } })
  t.strictSame((await checkWorld(world)).findings, [])
})

for (const [days, left] of [
  [0.5, 'less than a day'],
  [1.5, '1 day'],
  [13.5, '13 days'],
  [14.5, undefined]
] as const) {
  test(`reports ${left ?? 'nothing'} if a certificate is valid for ${days} more days`, async t => {
    const world = await startHealthyWorld(t, {
      hosts: { '45.0.0.3:443': homeserver(issue({ validTo: inDays(days) })) }
    })
    const { findings, verdict } = await checkWorld(world, { only: 'federation' })
    t.match(
      findings,
      left === undefined
        ? []
        : [
            {
              id: 'certificate.expires-soon',
              severity: 'warning',
              what: `The certificate expires in ${left}, on ${on(inDays(days))}.`
            }
          ]
    )
    t.match(
      { federation: verdict.federation, length: findings.length },
      { federation: 'works', length: left === undefined ? 0 : 1 }
    )
  })
}

test('distinguishes the certificate of an SRV target from one for any other name', async t => {
  const { records, hosts } = describeHealthyWorld({
    site: { 'GET /.well-known/matrix/server': undefined },
    records: { '_matrix-fed._tcp.example.com': { SRV: [{ priority: 1, weight: 1, port: 443, target: name }] } }
  })
  const world = await startWorld(t, { records, hosts })
  const { findings } = await checkWorld(world, { only: 'federation' })
  t.match(findings, [
    {
      id: 'certificate.srv-target',
      severity: 'failure',
      subject: 'matrix.example.com:443 at 45.0.0.3',
      what: 'The certificate is for matrix.example.com, the target of the SRV record. It must be for example.com.',
      fix: 'Get a certificate for example.com for this server, or delegate with a well-known document to ' +
        'matrix.example.com:443.'
    }
  ])
})

test('requires a certificate for the address if the server name is one', async t => {
  const world = await startHealthyWorld(t, {
    hosts: { '[2a00:db8::9]:8448': homeserver(['DNS:example.com', 'IP:2a00:db8::8']) }
  })
  const { findings } = await checkWorld(world, { serverName: '[2a00:db8::9]', only: 'federation' })
  t.match(
    findings.find(({ id }) => id === 'certificate.name'),
    {
      subject: '[2a00:db8::9]:8448',
      what: 'The certificate is for example.com, 2A00:DB8:0:0:0:0:0:8, not for 2a00:db8::9.'
    }
  )
})

test('rejects a certificate with an invalid date', async t => {
  const validTo = inDays(300)
  const certificate = issue({ by: 'itself', validTo })
  const der = Buffer.from(certificate.certificate.replace(/-----[^-]+-----|\s/g, ''), 'base64')
  // All of notAfter in UTCTime: its day and hour can look like a year and a month.
  const at = der.indexOf(validTo.toISOString().replace(/^..|\.\d+|[-:T]/g, ''))
  der.write('13', at + 2)
  const pem = `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`
  const world = await startHealthyWorld(t, {
    hosts: { '45.0.0.3:443': homeserver({ ...certificate, certificate: pem }) }
  })
  const { findings } = await checkWorld(world, { only: 'federation' })
  t.match(
    findings,
    [{ id: 'federation.unreachable', severity: 'failure', what: /TLS fails: the certificate has an invalid date/ }]
  )
})

test('names a certificate that has alternative names only', t => {
  const certificate = { subject: '', issuer: 'Test CA', validFrom: inDays(-90), validTo: new Date('2026-01-01') }
  const tls = {
    protocol: 'TLSv1.3',
    chain: [certificate],
    names: [name, 'example.com'],
    expectedName: name,
    nameMatches: true,
    chainFault: 'CERT_HAS_EXPIRED'
  } as const
  t.match(
    judgeCertificate(tls, { area: 'clients', about: { host: name, port: 443 } }, new Date()).map(describeFinding),
    [
      {
        id: 'certificate.expired',
        what: 'The certificate for matrix.example.com, example.com expired on 2026-01-01.'
      }
    ]
  )
  t.end()
})

test('names the certificate of a chain that has expired', t => {
  const own = { subject: name, issuer: 'Old Intermediate', validFrom: inDays(-10), validTo: inDays(80) }
  const intermediate = {
    subject: 'Old Intermediate',
    issuer: 'Test CA',
    validFrom: inDays(-900),
    validTo: new Date('2026-01-01')
  }
  const tls = {
    protocol: 'TLSv1.3',
    chain: [own, intermediate],
    names: [name],
    expectedName: name,
    nameMatches: true,
    chainFault: 'CERT_HAS_EXPIRED'
  } as const
  t.match(
    judgeCertificate(tls, { area: 'clients', about: { host: name, port: 443 } }, new Date()).map(describeFinding),
    [{ what: 'The intermediate certificate of Old Intermediate expired on 2026-01-01.', fix: /chain/ }]
  )
  t.end()
})

test('names an issuer by its common name, or else its organization', t => {
  t.equal(nameOf({ CN: 'R11', O: "Let's Encrypt" }), 'R11')
  t.equal(
    nameOf({ O: 'The Go Daddy Group, Inc.', OU: 'Go Daddy Class 2 Certification Authority' }),
    'The Go Daddy Group, Inc.'
  )
  t.equal(nameOf({ OU: 'Class 2 Certification Authority' }), 'Class 2 Certification Authority')
  t.equal(nameOf({ CN: ['a', 'b'] as unknown as string }), 'a, b')
  t.equal(nameOf(undefined), '')
  t.end()
})
