import { documentNames, documentPath } from '../../site/documents.ts'
import { findingBuilder } from './finding.ts'
import type { About as Place, Area, Finding, FindingKinds, Severity } from './finding.ts'
import { specification } from './specification.ts'

export interface Sentences { readonly subject: string, readonly what: string, readonly change: string }

const texts = {
  what: ({ what }: Sentences) => what,
  fix: ({ change }: Sentences) => change,
  example: { subject: '', what: '', change: '' }
}

/** Findings that are still built from sentences; each moves to the module that detects it. */
export const legacyFindings = {
  'document.status': {
    severity: 'failure',
    title: 'A document is answered with a status other than 200 and 404',
    why: 'Servers take it for no document, clients for a broken one.',
    specification: specification.wellKnownUris,
    ...texts
  },
  'document.forbidden': {
    severity: 'failure',
    unneeded: 'notice',
    title: 'A document is forbidden (403, 401)',
    why: 'Rules against paths that begin with a dot are the usual cause; nobody can read the document.',
    specification: specification.wellKnownUris,
    ...texts
  },
  'document.bot-challenge': {
    severity: 'failure',
    unneeded: 'notice',
    title: 'Something asks whether the reader is a person',
    why: 'Servers and clients are programs and can not answer that.',
    specification: specification.wellKnownUris,
    ...texts
  },
  'document.user-agent': {
    severity: 'failure',
    unneeded: 'notice',
    title: 'A document is answered differently by User-Agent',
    why: 'Either servers or browsers are turned away.',
    specification: specification.wellKnownUris,
    ...texts
  },
  'document.broken-off': {
    severity: 'failure',
    title: 'The answer breaks off, or never ends',
    why: 'Readers throw away what they could not read in whole.',
    specification: specification.wellKnownUris,
    ...texts
  },
  'document.html': {
    severity: 'failure',
    unneeded: 'notice',
    title: 'A web page is served in the place of a document',
    why: 'The web site answers every path, and the request never comes to the document.',
    specification: specification.wellKnownUris,
    ...texts
  },
  'document.json': {
    severity: 'failure',
    title: 'A document is not JSON, or no JSON object',
    why: 'Readers can do nothing with it.',
    specification: specification.wellKnownUris,
    ...texts
  },
  'document.trailing': {
    severity: 'failure',
    title: 'Something follows the JSON of a document',
    why: 'Readers take all of it or nothing.',
    specification: specification.wellKnownUris,
    ...texts
  },
  'document.bom': {
    severity: 'failure',
    title: 'A document begins with a byte order mark',
    why: 'Synapse and others refuse JSON that begins with it, though editors do not show it.',
    specification: specification.wellKnownUris,
    ...texts
  },
  'document.encoding': {
    severity: 'failure',
    title: 'A document is not UTF-8',
    why: 'JSON is UTF-8, and readers refuse anything else.',
    specification: specification.wellKnownUris,
    ...texts
  },
  'document.depth': {
    severity: 'failure',
    title: 'The JSON of a document is nested deeper than 100 levels',
    why: 'Readers refuse it, or run out of stack.',
    specification: specification.wellKnownUris,
    ...texts
  },
  'document.invalid': {
    severity: 'failure',
    title: 'A document has a value that its readers refuse',
    why: 'Readers give up the whole document for one wrong value.',
    specification: specification.wellKnownUris,
    ...texts
  },
  'document.too-large': {
    severity: 'failure',
    title: 'A document is larger than 51,199 bytes',
    why: 'Synapse and others read no more and take it for no document.',
    specification: specification.wellKnownServer,
    ...texts
  },
  'document.large': {
    severity: 'warning',
    title: 'A document is larger than 12,288 bytes',
    why: 'Some servers (tuwunel) read no more.',
    specification: specification.wellKnownServer,
    ...texts
  },
  'document.slow': {
    severity: 'warning',
    title: 'A document takes more than 3 seconds',
    why: 'Element Web waits for 5 seconds, other servers for little longer.',
    specification: specification.wellKnownUris,
    ...texts
  },
  'document.content-type': {
    severity: 'warning',
    title: 'A document is not served as application/json',
    why: 'The specification asks for it, and some readers insist.',
    specification: specification.wellKnownUris,
    ...texts
  },
  'document.content-type-twice': {
    severity: 'warning',
    title: 'A document has more than one Content-Type',
    why: 'Readers differ in which of them they believe.',
    specification: specification.wellKnownUris,
    ...texts
  },
  'document.redirect': {
    severity: 'warning',
    title: 'A document is redirected',
    why: 'Older clients do not follow a redirect, browsers only with CORS on it.',
    specification: specification.wellKnownUris,
    ...texts
  },
  'document.redirect-broken': {
    severity: 'failure',
    title: 'A redirect of a document leads nowhere: in a circle, to http, too far, or to no host',
    why: 'Readers give up.',
    specification: specification.discoveryWellKnown,
    ...texts
  },
  'document.split-brain': {
    severity: 'failure',
    title: 'The addresses of a host serve different documents',
    why: 'It is chance which of them a reader gets.',
    specification: specification.wellKnownUris,
    ...texts
  },
  'document.obsolete-key': {
    severity: 'notice',
    title: 'A document has a key that clients no longer read',
    why: 'It does nothing.',
    specification: specification.wellKnownClient,
    ...texts
  },
  'document.key-style': {
    severity: 'notice',
    title: 'A key of /client is not named as a Java package',
    why: 'The specification demands names such as com.example.key, so that they can not clash.',
    specification: specification.wellKnownClient,
    ...texts
  },
  'cors.missing': {
    severity: 'failure',
    title: 'What clients read comes without CORS',
    why: 'Browsers do not let Element Web and other web clients see the answer.',
    specification: specification.browsers,
    ...texts
  },
  'cors.missing-elsewhere': {
    severity: 'notice',
    title: 'A document that clients seldom read comes without CORS',
    why: 'Web tools can not read it; servers do not mind.',
    specification: specification.browsers,
    ...texts
  },
  'cors.not-found': {
    severity: 'warning',
    title: 'A 404 comes without CORS',
    why: 'A web client can not tell a document that is not there from a server that is down.',
    specification: specification.browsers,
    ...texts
  },
  'cors.preflight': {
    severity: 'failure',
    title: 'A preflight (OPTIONS) is refused',
    why: 'Browsers send no request with an access token or with JSON then, so web clients can not log in.',
    specification: specification.browsers,
    ...texts
  },
  'cors.redirect': {
    severity: 'failure',
    title: 'A redirect comes without CORS',
    why: 'Browsers do not follow it for a web client.',
    specification: specification.browsers,
    ...texts
  },
  'cors.doubled': {
    severity: 'failure',
    title: 'Access-Control-Allow-Origin stands there twice',
    why: 'Browsers refuse that as if it were not there at all.',
    specification: specification.browsers,
    ...texts
  },
  'cache.long': {
    severity: 'warning',
    title: 'A document may be kept for more than 48 hours',
    why: 'A wrong answer stays with others for as long; Synapse cuts it at 48 hours.',
    specification: specification.wellKnownCaching,
    ...texts
  },
  'cache.short': {
    severity: 'notice',
    title: 'A document may be kept for less than 5 minutes',
    why: 'Synapse keeps it for 5 minutes all the same, the others ask more often than they need.',
    specification: specification.wellKnownCaching,
    ...texts
  },
  'cache.default': {
    severity: 'notice',
    title: 'Nothing says for how long the document may be kept',
    why: 'Synapse keeps it for a day, so a wrong answer stays with others for as long.',
    specification: specification.wellKnownCaching,
    ...texts
  },
  'client.unreachable': {
    severity: 'failure',
    title: 'The homeserver can not be reached at its base_url',
    why: 'No client can log in.',
    specification: specification.wellKnownUris,
    ...texts
  },
  'client.versions': {
    severity: 'failure',
    title: '/_matrix/client/versions at the base_url is missing or wrong',
    why: 'Clients ask it first and stop with an error.',
    specification: specification.clientVersions,
    ...texts
  },
  'client.versions-old': {
    severity: 'warning',
    title: 'The homeserver speaks none of the versions v1.1 to v1.13',
    why: 'Element Web and others refuse to work with it.',
    specification: specification.clientVersions,
    ...texts
  },
  'client.base-url-http': {
    severity: 'failure',
    title: 'A base_url begins with http://',
    why: 'Browsers refuse it on an https page, and everybody on the way can read along.',
    specification: specification.wellKnownClient,
    ...texts
  },
  'client.base-url-path': {
    severity: 'warning',
    title: 'The base_url has a path',
    why: 'Clients append /_matrix/… to it; most homeservers have none.',
    specification: specification.wellKnownClient,
    ...texts
  },
  'client.base-url-apex': {
    severity: 'warning',
    title: 'The base_url is the host of the server name, while other servers are sent elsewhere',
    why: 'Clients most often go where servers go.',
    specification: specification.wellKnownClient,
    ...texts
  },
  'client.identity-server': {
    severity: 'failure',
    title: 'The identity server does not answer',
    why: 'Clients stop with an error where the document names one that does not work.',
    specification: specification.wellKnownUris,
    ...texts
  },
  'client.rtc-transports': {
    severity: 'notice',
    title: 'The homeserver does not serve /rtc/transports, though calls are set up',
    why: 'Newer clients ask there first; rtc_foci in the document is for older ones.',
    specification: specification.rtcTransports,
    ...texts
  },
  'client.rtc-differs': {
    severity: 'warning',
    title: 'rtc_foci and /_matrix/client/v1/rtc/transports name different services',
    why: 'Users in one call may be sent to different places.',
    specification: specification.rtcTransports,
    ...texts
  },
  'client.drift': {
    severity: 'warning',
    title: "The homeserver's own host serves another /client than the server name does",
    why: 'Clients read the one of the server name; the other was probably changed last.',
    specification: specification.wellKnownClient,
    ...texts
  },
  'intent.missing': {
    severity: 'failure',
    title: 'A document is configured, but the world gets none',
    why: 'What the settings say does not arrive.',
    specification: specification.wellKnownUris,
    ...texts
  },
  'intent.differs': {
    severity: 'failure',
    title: 'The world gets another document than the settings say',
    why: 'What the settings say does not arrive: a stale copy, a file or another server answers.',
    specification: specification.wellKnownUris,
    ...texts
  },
  'intent.unexpected': {
    severity: 'warning',
    title: 'The world gets a document that is not configured',
    why: 'Something else answers for this server name.',
    specification: specification.wellKnownUris,
    ...texts
  },
  'intent.headers': {
    severity: 'warning',
    title: 'Something on the way changes the headers of a document',
    why: 'A proxy in between changes how long others keep a document, or what browsers may read.',
    specification: specification.wellKnownCaching,
    ...texts
  }
} as const satisfies FindingKinds

export type LegacyId = keyof typeof legacyFindings

export interface Details extends Sentences {
  readonly area: Area
  readonly needed?: boolean | undefined
  readonly severity?: Severity
  readonly evidence?: Readonly<Record<string, unknown>>
}

export type LegacyAbout = (id: LegacyId, details: Omit<Details, 'area' | 'subject'>) => Finding

const find = findingBuilder(legacyFindings)

export function buildFinding (id: LegacyId, { area, subject, what, change, needed = true, ...details }: Details): Finding {
  const document = documentNames.find(name => subject === documentPath(name))
  const about: Place = document === undefined ? { path: subject } : { document }
  return find(id, { area, about, needed, parts: { subject, what, change }, ...details })
}
