/** A place to read on. */
export interface Reference {
  readonly title: string
  readonly url: string
}

const serverApi = 'https://spec.matrix.org/latest/server-server-api'
const clientApi = 'https://spec.matrix.org/latest/client-server-api'

function discoverySteps (steps: string): Reference {
  const title = `Server-Server API › Resolving server names, ${steps}`
  return { title, url: `${serverApi}/#resolving-server-names` }
}

/** The parts of the Matrix specification that findings refer to. */
export const references = {
  discovery: { title: 'Server-Server API › Resolving server names', url: `${serverApi}/#resolving-server-names` },
  discoveryDirect: discoverySteps('steps 1 and 2'),
  discoveryWellKnown: discoverySteps('step 3'),
  discoverySrv: discoverySteps('steps 3.3 and 4'),
  discoverySrvDeprecated: discoverySteps('steps 3.4 and 5'),
  discoveryDefaultPort: discoverySteps('steps 3.5 and 6'),
  wellKnownCaching: discoverySteps('caching in step 3'),
  wellKnownServer: {
    title: 'Server-Server API › GET /.well-known/matrix/server',
    url: `${serverApi}/#getwell-knownmatrixserver`
  },
  federationVersion: {
    title: 'Server-Server API › GET /_matrix/federation/v1/version',
    url: `${serverApi}/#get_matrixfederationv1version`
  },
  serverKeys: {
    title: 'Server-Server API › Retrieving server keys',
    url: `${serverApi}/#retrieving-server-keys`
  },
  tls: { title: 'Server-Server API › TLS', url: `${serverApi}/#tls` },
  signing: { title: 'Appendices › Signing JSON', url: 'https://spec.matrix.org/latest/appendices/#signing-json' },
  wellKnownUris: { title: 'Client-Server API › Well-known URIs', url: `${clientApi}/#well-known-uris` },
  wellKnownClient: {
    title: 'Client-Server API › GET /.well-known/matrix/client',
    url: `${clientApi}/#getwell-knownmatrixclient`
  },
  clientVersions: {
    title: 'Client-Server API › GET /_matrix/client/versions',
    url: `${clientApi}/#get_matrixclientversions`
  },
  login: { title: 'Client-Server API › Login', url: `${clientApi}/#login` },
  authMetadata: {
    title: 'Client-Server API › GET /_matrix/client/v1/auth_metadata',
    url: `${clientApi}/#get_matrixclientv1auth_metadata`
  },
  requestAuthentication: {
    title: 'Server-Server API › Request Authentication',
    url: `${serverApi}/#request-authentication`
  },
  browsers: { title: 'Client-Server API › Web Browser Clients', url: `${clientApi}/#web-browser-clients` },
  rtcTransports: { title: 'MSC4143', url: 'https://github.com/matrix-org/matrix-spec-proposals/pull/4143' }
} as const satisfies Record<string, Reference>
