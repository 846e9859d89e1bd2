import type { DocumentName } from '../../site/documents.ts'
import { aboutDocument } from './outcome.ts'
import type { Cause } from './outcome.ts'

/** The findings about a certificate that is not trusted. */
export function certificateCause (about: Cause['about']): Cause {
  return {
    findings: [
      'certificate.expired', 'certificate.not-yet-valid', 'certificate.name', 'certificate.srv-target',
      'certificate.self-signed', 'certificate.incomplete', 'certificate.untrusted'
    ],
    about
  }
}

/** The findings about an address that can't be connected to, or doesn't respond. */
export function addressCause (about: Cause['about']): Cause {
  return {
    findings: [
      'address.refused', 'address.timeout', 'address.unroutable', 'address.not-public', 'address.reset', 'address.tls',
      'address.http'
    ],
    about
  }
}

/** The finding about a redirect of a document that leads nowhere. */
export function redirectCause (document: DocumentName): Cause {
  return aboutDocument(document, 'document.redirect-broken')
}

/** Findings of a status that isn't accepted, apart from 404. */
export const badStatus = [
  'document.status', 'document.forbidden', 'document.user-agent', 'document.bot-challenge'
] as const

/** Findings of JSON that lacks a value or has a wrong one; a key in the wrong place may be why. */
export const invalidContent = [
  'document.any-path', 'document.misplaced-key', 'document.invalid', 'document.json'
] as const

/** Findings of a body that isn't JSON for a reader that keeps a byte order mark. */
export function notJson (text: string): readonly string[] {
  return [text.startsWith('\ufeff') ? 'document.bom' : 'document.json', ...otherContent]
}

/** Findings of a body that wasn't meant to be JSON, is in another encoding, or has something else behind it. */
export const otherContent = [
  'document.html', 'document.trailing', 'document.bot-challenge', 'document.encoding', 'document.content-encoding'
] as const

/** The finding about this machine's DNS server. */
export const dnsServerCause: Cause = { findings: ['discovery.dns-server'], about: {} }

/** The findings about keys that other servers don't accept. */
export function keysCause (about: Cause['about']): Cause {
  return {
    findings: [
      'homeserver.down', 'homeserver.blocked', 'keys.missing', 'keys.server-name', 'keys.expired', 'keys.signature'
    ],
    about
  }
}
