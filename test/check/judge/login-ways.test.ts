import t from 'tap'
import { judgeLoginWays, loginWayFindings } from '../../../src/check/judge/login-ways.ts'
import { describeFinding } from '../../../src/check/report/finding-text.ts'
import type { Exchange } from '../../../src/check/network/peer.ts'

const context = { area: 'clients', about: { host: 'matrix.example.com', port: 443, address: '192.0.2.1' } } as const

function exchange (content?: unknown, status = 200): Exchange {
  const response = content === undefined
    ? undefined
    : { status, headers: [], body: Buffer.from(JSON.stringify(content)), truncated: false }
  const request = { method: 'GET', target: '/', headers: {} } as const
  const at = { request, url: '', address: '192.0.2.1', port: 443, tls: undefined, milliseconds: 1 }
  return { ...at, response, failure: undefined }
}

function judge (authMetadata: Exchange, loginFlows: Exchange): Array<readonly [id: string, what: string]> {
  const silent = exchange()
  const address = {
    address: '192.0.2.1',
    versions: silent,
    preflight: silent,
    transports: undefined,
    authMetadata,
    loginFlows,
    whoami: silent,
    keys: silent
  }
  return judgeLoginWays(address, context).map(describeFinding).map(({ id, what }) => [id, what])
}

const oauth = {
  issuer: 'https://account.example.com/',
  authorization_endpoint: 'https://account.example.com/authorize',
  token_endpoint: 'https://account.example.com/oauth2/token'
}
const flows = { flows: [{ type: 'm.login.password' }] }
const loginPath = '/_matrix/client/v3/login'
const metadataPath = '/_matrix/client/v1/auth_metadata'

t.test('ways to log in that work', async t => {
  t.strictSame(judge(exchange(oauth), exchange(flows)), [])
  t.strictSame(judge(exchange({ errcode: 'M_UNRECOGNIZED' }, 404), exchange(flows)), [])
  t.strictSame(judge(exchange({ errcode: 'M_UNRECOGNIZED' }, 400), exchange(flows)), [])
  t.strictSame(judge(exchange('Not found', 404), exchange(flows)), [])
})

t.test('a response that leaves open whether there is OAuth', async t => {
  const id = 'client.auth-metadata-missing'
  t.strictSame(judge(exchange(), exchange(flows)), [[id, `${metadataPath} returns no response.`]])
  t.strictSame(judge(exchange('Bad gateway', 502), exchange(flows)), [[id, `${metadataPath} returns status 502.`]])
  t.strictSame(judge(exchange({ errcode: 'M_UNKNOWN' }, 500), exchange(flows)),
    [[id, `${metadataPath} returns status 500.`]])
  t.strictSame(judge(exchange('<html>'), exchange(flows)),
    [[id, `The response of ${metadataPath} isn't a JSON object.`]])
  const { fix } = loginWayFindings[id]
  t.match(fix({ status: 502 }), /^Check that the service to which the proxy sends \S+auth_metadata is running: /)
  t.match(fix({ status: 500 }), /^Pass \S+auth_metadata on to the homeserver, and read its log: /)
})

t.test('no way to log in, or only OAuth', async t => {
  t.strictSame(judge(exchange(), exchange()), [[
    'client.login',
    `${loginPath} returns no response and ${metadataPath} no response, so there is neither a list of login flows ` +
      'nor OAuth.'
  ]])
  t.strictSame(judge(exchange(), exchange({ flows: [] })), [[
    'client.login',
    `${loginPath} lists no login flow; ${metadataPath} returns no response. There is no flow for users, and no OAuth.`
  ]])
  // What Synapse returns if password_config is disabled and nothing else is enabled.
  const programsOnly = { flows: [{ type: 'm.login.token' }, { type: 'm.login.application_service' }] }
  t.match(judge(exchange(), exchange(programsOnly)), [[
    'client.login', /^\S+ lists only "m\.login\.token", "m\.login\.application_service"; /
  ]])
  const { fix } = loginWayFindings['client.login']
  t.match(fix({ login: 200, metadata: 404, types: [] }), /^Enable a way to log in/)
  t.match(fix({ login: 502, metadata: 404, types: undefined }), /^Check that the service to which the proxy sends /)
  t.match(fix({ login: undefined, metadata: undefined, types: undefined }), /^Pass all of \/_matrix on/)
  t.match(fix({ login: 200, metadata: 503, types: [] }), /the proxy sends \S+auth_metadata is running/)
  t.match(fix({ login: 503, metadata: 503, types: undefined }), /the proxy sends \S+v3\/login is running/)
  t.strictSame(judge(exchange(oauth), exchange({ flows: [] })), [[
    'client.login-flows', `${loginPath} returns status 200 and no login flows.`
  ]])
  t.equal(loginWayFindings['client.login-flows'].what({ login: undefined }),
    `${loginPath} returns no response and no login flows.`)
  t.match(loginWayFindings['client.login-flows'].fix({ login: 502 }), /the proxy sends \S+v3\/login is running/)
  t.match(loginWayFindings['client.login-flows'].fix({ login: 404 }), /^With Matrix Authentication Service, pass /)
})

t.test('OAuth URLs that are missing, or lead nowhere from outside', async t => {
  const { token_endpoint: token, ...incomplete } = oauth
  t.strictSame(judge(exchange(incomplete), exchange(flows)), [[
    'client.auth-metadata', `"token_endpoint" is missing in ${metadataPath}.`
  ]])
  for (const key of ['registration_endpoint', 'revocation_endpoint']) {
    t.strictSame(judge(exchange({ ...oauth, [key]: 'https://account.example.com/x' }), exchange(flows)), [])
    t.match(judge(exchange({ ...oauth, [key]: 'http://localhost:8080/x' }), exchange(flows)), [[
      'client.auth-metadata', `"${key}" in ${metadataPath} is "http://localhost:8080/x", which isn't an https URL`
    ]])
  }
  for (const issuer of ['http://account.example.com/', 'https://10.0.0.1/', 'https://mas:8080/', 'https://', 5, null]) {
    t.match(judge(exchange({ ...oauth, issuer }), exchange(flows)), [[
      'client.auth-metadata', `"issuer" in ${metadataPath} is ${JSON.stringify(issuer)}, which isn't an https URL`
    ]])
  }
})
