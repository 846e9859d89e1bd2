import type { Severity } from './finding.ts'

interface Entry {
  readonly severity: Severity
  /** What was found, without names: for the table of findings. */
  readonly title: string
  /** Why it matters. */
  readonly why: string
  /** Where it is written. */
  readonly specification: string
}

const discovery = 'Server-Server API › Resolving server names'
const wellKnownServer = 'Server-Server API › GET /.well-known/matrix/server'
const wellKnownClient = 'Client-Server API › GET /.well-known/matrix/client'
const wellKnown = 'Client-Server API › Well-known URIs'
const browsers = 'Client-Server API › Web Browser Clients'
const keys = 'Server-Server API › Retrieving server keys'
const tls = 'Server-Server API › TLS'
const caching = 'Server-Server API › Resolving server names, caching of the well-known'

/** Every finding that there is. An id never changes its meaning, and is never used again. */
export const catalogue = {
  'discovery.no-address': {
    severity: 'failure',
    title: 'A host that has to be connected to has no address',
    why: 'Without an address nobody can connect.',
    specification: discovery
  },
  'discovery.dns': {
    severity: 'warning',
    title: 'DNS did not answer, or answered with an error',
    why: 'Others may get no answer either, and then look no further.',
    specification: discovery
  },
  'discovery.hosts-file': {
    severity: 'warning',
    title: 'A host has an address in the hosts file of the checking machine only, and none in DNS',
    why: 'Others do not have that file.',
    specification: discovery
  },
  'discovery.srv-deprecated': {
    severity: 'warning',
    title: 'The endpoint comes from an SRV record of the deprecated name _matrix._tcp',
    why: 'Servers may stop to read it.',
    specification: `${discovery}, steps 3.4 and 5`
  },
  'discovery.srv-shadowed': {
    severity: 'notice',
    title: 'There are SRV records, but the well-known goes before them',
    why: 'Nobody reads them, and they mislead whoever looks for a fault.',
    specification: `${discovery}, step 3`
  },
  'discovery.srv-cname': {
    severity: 'warning',
    title: 'The target of an SRV record is an alias (CNAME)',
    why: 'RFC 2782 forbids it, and some servers do not follow it.',
    specification: `${discovery}, steps 3.3 and 4`
  },
  'discovery.srv-refused': {
    severity: 'failure',
    title: 'The SRV record says that there is no such service (target ".")',
    why: 'Other servers do not try any further.',
    specification: `${discovery}, steps 3.3 and 4; RFC 2782`
  },
  'discovery.default-port': {
    severity: 'notice',
    title: 'Nothing names a port, so others connect to port 8448',
    why: 'Many proxies, Cloudflare among them, do not pass port 8448 on.',
    specification: `${discovery}, steps 3.5 and 6`
  },
  'discovery.well-known-unread': {
    severity: 'notice',
    title: 'The server name is an IP address or has a port, and yet there is a /.well-known/matrix/server',
    why: 'Other servers connect to such a name at once and never ask for the document.',
    specification: `${discovery}, steps 1 and 2`
  },
  'federation.unreachable': {
    severity: 'failure',
    title: 'At no address can other servers reach the homeserver',
    why: 'No other server can send anything to this one, or join its rooms.',
    specification: discovery
  },
  'federation.version': {
    severity: 'failure',
    title: 'What answers is no homeserver: /_matrix/federation/v1/version is missing or wrong',
    why: 'Requests of other servers end at something else.',
    specification: 'Server-Server API › GET /_matrix/federation/v1/version'
  },
  'keys.missing': {
    severity: 'failure',
    title: '/_matrix/key/v2/server is missing or no list of keys',
    why: 'Without its keys other servers refuse every event and request of this one.',
    specification: keys
  },
  'keys.server-name': {
    severity: 'failure',
    title: 'The homeserver goes by another server name',
    why: 'Its keys are good for that name alone, so other servers refuse it under this one.',
    specification: keys
  },
  'keys.expired': {
    severity: 'failure',
    title: 'The signing keys are no longer valid (valid_until_ts)',
    why: 'Other servers refuse what is signed with them.',
    specification: keys
  },
  'keys.expires-soon': {
    severity: 'warning',
    title: 'The signing keys are valid for less than an hour',
    why: 'Other servers have to ask for them again and again.',
    specification: keys
  },
  'keys.signature': {
    severity: 'failure',
    title: 'The keys are not signed by themselves, or the signature is wrong',
    why: 'Other servers do not believe keys that are not signed rightly.',
    specification: 'Appendices › Signing JSON'
  },
  'address.refused': {
    severity: 'warning',
    title: 'An address refuses connections',
    why: 'Whoever tries this address first loses time, or gives up.',
    specification: discovery
  },
  'address.timeout': {
    severity: 'warning',
    title: 'An address does not answer in time',
    why: 'Whoever tries this address first waits, and some do not try another.',
    specification: discovery
  },
  'address.unroutable': {
    severity: 'notice',
    title: 'There is no route to an address from where the check runs',
    why: 'Nothing can be said about it from here; other places may reach it.',
    specification: discovery
  },
  'address.reset': {
    severity: 'warning',
    title: 'An address closes the connection without an answer',
    why: 'Whoever tries this address gets nothing.',
    specification: discovery
  },
  'address.tls': {
    severity: 'failure',
    title: 'No TLS connection can be made to an address',
    why: 'Matrix is spoken over TLS only.',
    specification: tls
  },
  'address.http': {
    severity: 'failure',
    title: 'What an address answers is not HTTP',
    why: 'Something other than a web server or homeserver listens there.',
    specification: tls
  },
  'address.too-many': {
    severity: 'notice',
    title: 'A host has more addresses than are checked',
    why: 'What is wrong with the others is not found.',
    specification: discovery
  },
  'certificate.expired': {
    severity: 'failure',
    title: 'The certificate, or one that it rests on, has expired',
    why: 'Servers and clients refuse the connection.',
    specification: tls
  },
  'certificate.not-yet-valid': {
    severity: 'failure',
    title: 'The certificate, or one that it rests on, is not valid yet',
    why: 'Servers and clients refuse the connection.',
    specification: tls
  },
  'certificate.name': {
    severity: 'failure',
    title: 'The certificate is for another name',
    why: 'Servers and clients refuse the connection.',
    specification: tls
  },
  'certificate.srv-target': {
    severity: 'failure',
    title: 'The certificate is for the target of the SRV record, not for the name that was delegated',
    why: 'Other servers check the name that they looked up, never the target.',
    specification: `${discovery}, steps 3.3 and 4`
  },
  'certificate.self-signed': {
    severity: 'failure',
    title: 'The certificate is signed by itself',
    why: 'Nobody else trusts it.',
    specification: tls
  },
  'certificate.incomplete': {
    severity: 'failure',
    title: 'The certificate is sent without the intermediate one that signed it',
    why: 'Browsers often know it by chance, servers do not and refuse the connection.',
    specification: tls
  },
  'certificate.untrusted': {
    severity: 'failure',
    title: 'The certificate is not trusted',
    why: 'Servers and clients refuse the connection.',
    specification: tls
  },
  'certificate.expires-soon': {
    severity: 'warning',
    title: 'The certificate expires within two weeks',
    why: 'From then on servers and clients refuse the connection; most tools renew earlier, so something may be stuck.',
    specification: tls
  },
  'document.unreachable': {
    severity: 'failure',
    title: 'At no address can the well-known documents be had',
    why: 'To servers and clients there are no documents.',
    specification: wellKnown
  },
  'document.status': {
    severity: 'failure',
    title: 'A document is answered with a status other than 200 and 404',
    why: 'Servers take it for no document, clients for a broken one.',
    specification: wellKnown
  },
  'document.forbidden': {
    severity: 'failure',
    title: 'A document is forbidden (403, 401)',
    why: 'Rules against paths that begin with a dot are the usual cause; nobody can read the document.',
    specification: wellKnown
  },
  'document.bot-challenge': {
    severity: 'failure',
    title: 'Something asks whether the reader is a person',
    why: 'Servers and clients are programs and can not answer that.',
    specification: wellKnown
  },
  'document.user-agent': {
    severity: 'failure',
    title: 'A document is answered differently by User-Agent',
    why: 'Either servers or browsers are turned away.',
    specification: wellKnown
  },
  'document.broken-off': {
    severity: 'failure',
    title: 'The answer breaks off, or never ends',
    why: 'Readers throw away what they could not read in whole.',
    specification: wellKnown
  },
  'document.html': {
    severity: 'failure',
    title: 'A web page is served in the place of a document',
    why: 'The web site answers every path, and the request never comes to the document.',
    specification: wellKnown
  },
  'document.json': {
    severity: 'failure',
    title: 'A document is not JSON, or no JSON object',
    why: 'Readers can do nothing with it.',
    specification: wellKnown
  },
  'document.trailing': {
    severity: 'failure',
    title: 'Something follows the JSON of a document',
    why: 'Readers take all of it or nothing.',
    specification: wellKnown
  },
  'document.bom': {
    severity: 'failure',
    title: 'A document begins with a byte order mark',
    why: 'Synapse and others refuse JSON that begins with it, though editors do not show it.',
    specification: wellKnown
  },
  'document.encoding': {
    severity: 'failure',
    title: 'A document is not UTF-8',
    why: 'JSON is UTF-8, and readers refuse anything else.',
    specification: wellKnown
  },
  'document.depth': {
    severity: 'failure',
    title: 'The JSON of a document is nested deeper than 100 levels',
    why: 'Readers refuse it, or run out of stack.',
    specification: wellKnown
  },
  'document.invalid': {
    severity: 'failure',
    title: 'A document has a value that its readers refuse',
    why: 'Readers give up the whole document for one wrong value.',
    specification: wellKnown
  },
  'document.too-large': {
    severity: 'failure',
    title: 'A document is larger than 51,199 bytes',
    why: 'Synapse and others read no more and take it for no document.',
    specification: wellKnownServer
  },
  'document.large': {
    severity: 'warning',
    title: 'A document is larger than 12,288 bytes',
    why: 'Some servers (tuwunel) read no more.',
    specification: wellKnownServer
  },
  'document.slow': {
    severity: 'warning',
    title: 'A document takes more than 3 seconds',
    why: 'Element Web waits for 5 seconds, other servers for little longer.',
    specification: wellKnown
  },
  'document.content-type': {
    severity: 'warning',
    title: 'A document is not served as application/json',
    why: 'The specification asks for it, and some readers insist.',
    specification: wellKnown
  },
  'document.content-type-twice': {
    severity: 'warning',
    title: 'A document has more than one Content-Type',
    why: 'Readers differ in which of them they believe.',
    specification: wellKnown
  },
  'document.redirect': {
    severity: 'warning',
    title: 'A document is redirected',
    why: 'Older clients do not follow a redirect, browsers only with CORS on it.',
    specification: wellKnown
  },
  'document.redirect-broken': {
    severity: 'failure',
    title: 'A redirect of a document leads nowhere: in a circle, to http, too far, or to no host',
    why: 'Readers give up.',
    specification: `${discovery}, step 3`
  },
  'document.split-brain': {
    severity: 'failure',
    title: 'The addresses of a host serve different documents',
    why: 'It is chance which of them a reader gets.',
    specification: wellKnown
  },
  'document.catch-all': {
    severity: 'notice',
    title: 'Paths that do not exist are answered with 200',
    why: 'A document that gets lost is then a web page, not a 404, and harder to find.',
    specification: wellKnown
  },
  'document.obsolete-key': {
    severity: 'notice',
    title: 'A document has a key that clients no longer read',
    why: 'It does nothing.',
    specification: wellKnownClient
  },
  'document.key-style': {
    severity: 'notice',
    title: 'A key of /client is not named as a Java package',
    why: 'The specification demands names such as com.example.key, so that they can not clash.',
    specification: wellKnownClient
  },
  'cors.missing': {
    severity: 'failure',
    title: 'What clients read comes without CORS',
    why: 'Browsers do not let Element Web and other web clients see the answer.',
    specification: browsers
  },
  'cors.missing-elsewhere': {
    severity: 'notice',
    title: 'A document that clients seldom read comes without CORS',
    why: 'Web tools can not read it; servers do not mind.',
    specification: browsers
  },
  'cors.not-found': {
    severity: 'warning',
    title: 'A 404 comes without CORS',
    why: 'A web client can not tell a document that is not there from a server that is down.',
    specification: browsers
  },
  'cors.preflight': {
    severity: 'failure',
    title: 'A preflight (OPTIONS) is refused',
    why: 'Browsers send no request with an access token or with JSON then, so web clients can not log in.',
    specification: browsers
  },
  'cors.redirect': {
    severity: 'failure',
    title: 'A redirect comes without CORS',
    why: 'Browsers do not follow it for a web client.',
    specification: browsers
  },
  'cors.doubled': {
    severity: 'failure',
    title: 'Access-Control-Allow-Origin stands there twice',
    why: 'Browsers refuse that as if it were not there at all.',
    specification: browsers
  },
  'cache.long': {
    severity: 'warning',
    title: 'A document may be kept for more than 48 hours',
    why: 'A wrong answer stays with others for as long; Synapse cuts it at 48 hours.',
    specification: caching
  },
  'cache.short': {
    severity: 'notice',
    title: 'A document may be kept for less than 5 minutes',
    why: 'Synapse keeps it for 5 minutes all the same, the others ask more often than they need.',
    specification: caching
  },
  'cache.default': {
    severity: 'notice',
    title: 'Nothing says for how long the document may be kept',
    why: 'Synapse keeps it for a day, so a wrong answer stays with others for as long.',
    specification: caching
  },
  'client.not-found': {
    severity: 'warning',
    title: 'There is no /.well-known/matrix/client',
    why: 'Users have to type in the address of the homeserver to log in.',
    specification: wellKnownClient
  },
  'client.unreachable': {
    severity: 'failure',
    title: 'The homeserver can not be reached at its base_url',
    why: 'No client can log in.',
    specification: wellKnown
  },
  'client.versions': {
    severity: 'failure',
    title: '/_matrix/client/versions at the base_url is missing or wrong',
    why: 'Clients ask it first and stop with an error.',
    specification: 'Client-Server API › GET /_matrix/client/versions'
  },
  'client.versions-old': {
    severity: 'warning',
    title: 'The homeserver speaks none of the versions v1.1 to v1.13',
    why: 'Element Web and others refuse to work with it.',
    specification: 'Client-Server API › GET /_matrix/client/versions'
  },
  'client.base-url-http': {
    severity: 'failure',
    title: 'A base_url begins with http://',
    why: 'Browsers refuse it on an https page, and everybody on the way can read along.',
    specification: wellKnownClient
  },
  'client.base-url-path': {
    severity: 'warning',
    title: 'The base_url has a path',
    why: 'Clients append /_matrix/… to it; most homeservers have none.',
    specification: wellKnownClient
  },
  'client.base-url-apex': {
    severity: 'warning',
    title: 'The base_url is the host of the server name, while other servers are sent elsewhere',
    why: 'Clients most often go where servers go.',
    specification: wellKnownClient
  },
  'client.identity-server': {
    severity: 'failure',
    title: 'The identity server does not answer',
    why: 'Clients stop with an error where the document names one that does not work.',
    specification: wellKnown
  },
  'client.rtc-transports': {
    severity: 'notice',
    title: 'The homeserver does not serve /rtc/transports, though calls are set up',
    why: 'Newer clients ask there first; rtc_foci in the document is for older ones.',
    specification: 'MSC4143'
  },
  'client.rtc-differs': {
    severity: 'warning',
    title: 'rtc_foci and /_matrix/client/v1/rtc/transports name different services',
    why: 'Users in one call may be sent to different places.',
    specification: 'MSC4143'
  },
  'client.drift': {
    severity: 'warning',
    title: "The homeserver's own host serves another /client than the server name does",
    why: 'Clients read the one of the server name; the other was probably changed last.',
    specification: wellKnownClient
  },
  'intent.missing': {
    severity: 'failure',
    title: 'A document is configured, but the world gets none',
    why: 'What the settings say does not arrive.',
    specification: wellKnown
  },
  'intent.differs': {
    severity: 'failure',
    title: 'The world gets another document than the settings say',
    why: 'What the settings say does not arrive: a stale copy, a file or another server answers.',
    specification: wellKnown
  },
  'intent.unexpected': {
    severity: 'warning',
    title: 'The world gets a document that is not configured',
    why: 'Something else answers for this server name.',
    specification: wellKnown
  },
  'intent.headers': {
    severity: 'warning',
    title: 'Something on the way changes the headers of a document',
    why: 'A proxy in between changes how long others keep a document, or what browsers may read.',
    specification: caching
  },
  'check.time': {
    severity: 'failure',
    title: 'The check ran out of time',
    why: 'What had not answered by then is not judged.',
    specification: discovery
  }
} as const satisfies Record<string, Entry>
