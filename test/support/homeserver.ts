import type { RequestListener } from 'node:http'
import { json, matrixError, preflight } from './responses.ts'
import { route } from './route.ts'
import type { Routes } from './route.ts'
import { makeServerKeys } from './server-keys.ts'
import type { KeyFaults } from './server-keys.ts'

export interface HomeserverOptions {
  readonly serverName: string
  /** Of the Client-Server API. */
  readonly versions?: readonly string[]
  readonly keys?: KeyFaults
  /** The clock, in milliseconds. */
  readonly now?: () => number
  /** Whether it has `/rtc/transports`, which needs an access token. It has unless this is false. */
  readonly rtcTransports?: boolean
  /** What it answers otherwise; undefined for a path that it does not know. */
  readonly routes?: Routes
}

const currentVersions = ['r0.6.1', ...Array.from({ length: 16 }, (_, index) => `v1.${index + 1}`)]

/** A homeserver, as far as it can be seen without an account. Everything is right but for the changes. */
export function buildHomeserver (options: HomeserverOptions): RequestListener {
  const { serverName, versions = currentVersions, keys, now = Date.now, rtcTransports = true, routes = {} } = options
  const keyDocument = makeServerKeys(serverName, keys)
  const transports = rtcTransports ? matrixError(401, 'M_MISSING_TOKEN', 'Missing access token') : undefined
  const unsigned = matrixError(401, 'M_UNAUTHORIZED', 'Missing Authorization headers')
  return route({
    'GET /_matrix/federation/v1/version': json({ server: { name: 'Test', version: '1.2.3' } }),
    'GET /_matrix/key/v2/server': (request, response) => json(keyDocument(now()))(request, response),
    'GET /_matrix/client/versions': json({ versions, unstable_features: {} }),
    'GET /_matrix/client/v1/rtc/transports': transports,
    'GET /_matrix/client/unstable/org.matrix.msc4143/rtc/transports': transports,
    'GET /_matrix/client/v3/login': json({ flows: [{ type: 'm.login.password' }] }),
    'GET /_matrix/client/v1/auth_metadata': matrixError(404, 'M_UNRECOGNIZED', 'Unrecognized request'),
    'GET /_matrix/client/v3/account/whoami': matrixError(401, 'M_MISSING_TOKEN', 'Missing access token'),
    'GET /_matrix/federation/v1/event/%24ab': unsigned,
    'GET /_matrix/federation/v1/event/%24a%2Fb': unsigned,
    'GET /livekit/jwt/healthz': json({}),
    'GET /_matrix/identity/v2': json({}),
    'OPTIONS *': preflight(),
    ...routes
  })
}
