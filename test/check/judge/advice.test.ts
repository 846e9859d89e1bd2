import type { RequestListener } from 'node:http'
import t from 'tap'
import { loadConfig } from '../../../src/config/config.ts'
import { respond } from '../../../src/site/responses.ts'
import {
  respondWith, html, json, matrixError, redirect, text, wellKnown, wellKnownHeaders, withoutCors, writeHead
} from '../../support/responses.ts'
import { sharedAuthority } from '../../support/certificates.ts'
import { checkWorld, idsOf } from '../../support/check-world.ts'
import { describeHealthyWorld, startHealthyWorld } from '../../support/healthy-world.ts'
import type { Changes } from '../../support/healthy-world.ts'
import { buildHomeserver } from '../../support/homeserver.ts'
import type { Routes } from '../../support/route.ts'
import { startWorld } from '../../support/world.ts'
import type { HttpsHost } from '../../support/world.ts'

const serverPath = 'GET /.well-known/matrix/server'
const clientPath = 'GET /.well-known/matrix/client'
const transportsPath = 'GET /_matrix/client/v1/rtc/transports'
const server = { 'm.server': 'matrix.example.com:443' }
const client = { 'm.homeserver': { base_url: 'https://matrix.example.com' } }
const { site: intent } = loadConfig({
  SERVER_NAME: 'example.com', M_SERVER: server['m.server'], M_HOMESERVER_BASE_URL: client['m.homeserver'].base_url
})
const day = 24 * 60 * 60 * 1000

function homeserver (name: string, serverName = 'example.com'): HttpsHost {
  return { certificate: [`DNS:${name}`], handler: buildHomeserver({ serverName }) }
}

/** How nginx responds by itself. */
const nginx = (status: number): RequestListener =>
  html(`<h1>${status}</h1>`, { status, headers: { ...withoutCors, Server: 'nginx' } })

/**
 * A site with two documents on a machine that also listens on port 8448, where the homeserver has its own certificate:
 * the configuration of the nginx example.
 */
function onOneMachine (changes: Changes = {}): Changes {
  return {
    ...changes,
    site: {
      [serverPath]: wellKnown(server),
      [clientPath]: wellKnown(client),
      'GET /.well-known/matrix/support': undefined,
      'GET /.well-known/matrix/policy_server': undefined,
      '*': nginx(404),
      ...changes.site
    },
    hosts: { '45.0.0.2:8448': homeserver('matrix.example.com'), ...changes.hosts }
  }
}

const withoutDocuments = { [serverPath]: undefined, [clientPath]: undefined }
const everywhere = (handler: RequestListener): Changes => onOneMachine({ guard: () => handler })
const written = (write: (document: string) => string): Changes => onOneMachine({
  site: Object.fromEntries([[serverPath, server], [clientPath, client]].map(([path, document]) =>
    [path, respondWith(write(JSON.stringify(document, null, 2)), { headers: wellKnownHeaders })]))
})

/** The sidecar behind a proxy that changes the path. */
const behind = (change: (path: string) => string): Changes => everywhere(({ method = '', url = '' }, response) => {
  const { status, headers, body } = respond(intent, { method, path: change(url), headers: {} })
  writeHead(response, status, headers)
  response.end(body)
})

const unrecognized = matrixError(404, 'M_UNRECOGNIZED')
const lacking = {
  'GET /_matrix/federation/v1/version': unrecognized,
  'GET /_matrix/federation/v1/event/%24ab': unrecognized,
  'GET /_matrix/federation/v1/event/%24a%2Fb': unrecognized
}
const withHomeserver = (handler: RequestListener, certificate = ['DNS:matrix.example.com']): Changes =>
  onOneMachine({ hosts: { '45.0.0.3:443': { certificate, handler } } })
/** Headers as a proxy sends them that adds or removes CORS. */
const withOrigins = (origins: readonly string[], isWanted = (_status: number): boolean => true): RequestListener =>
  (request, response) => {
    const writeHead = response.writeHead.bind(response)
    response.writeHead = (status: number) => {
      if (isWanted(status)) {
        response.removeHeader('Access-Control-Allow-Origin')
        if (origins.length > 0) response.setHeader('Access-Control-Allow-Origin', origins)
      }
      return writeHead(status)
    }
    buildHomeserver({ serverName: 'example.com' })(request, response)
  }
const own = { type: 'livekit', livekit_service_url: 'https://matrix.example.com/livekit/jwt' }
/** Services for calls in `/client`, and in the response of the homeserver if it has another than "log in first". */
const withCalls = (foci: readonly object[], transports?: readonly object[]): Changes => onOneMachine({
  site: { [clientPath]: wellKnown({ ...client, 'org.matrix.msc4143.rtc_foci': foci }) },
  homeserver: transports === undefined ? {} : { routes: { [transportsPath]: json({ rtc_transports: transports }) } }
})
/** Redirects to a web site that has no documents. */
const redirectedAway = {
  [serverPath]: redirect(`https://www.example.com${serverPath.slice(4)}`),
  [clientPath]: redirect(`https://www.example.com${clientPath.slice(4)}`)
}
const www: Changes = {
  records: { 'www.example.com': { A: ['45.0.0.9'] } },
  hosts: { '45.0.0.9:443': { certificate: ['DNS:www.example.com'], handler: nginx(404) } }
}
const stale = { headers: { Age: '1200', 'X-Cache': 'HIT' } }

const setUp = /^Set M_SERVER=matrix\.example\.com:443 and M_HOMESERVER_BASE_URL=https:\/\/matrix\.example\.com, and r/
const keepPath = /^Configure the proxy to keep the path: in nginx, /

interface World {
  readonly changes: Changes
  readonly serverName?: string
  /** Whether the settings are known. */
  readonly isOwn?: true
  /** The ids of all failures and warnings, each once, in their order. */
  readonly ids: readonly string[]
  readonly what: RegExp | string
  readonly fix: RegExp | string
}

const withBaseUrl = (url: string): Routes => ({ [clientPath]: wellKnown({ 'm.homeserver': { base_url: url } }) })
const knownBaseUrl = 'set M_HOMESERVER_BASE_URL=https://matrix.example.com, where the homeserver responds.'

/** A wrong base_url, while other servers find the homeserver. */
const baseUrls: Readonly<Record<string, Omit<World, 'changes'> & { readonly changes?: Changes }>> = {
  'https://matirx.example.com': {
    ids: ['discovery.no-address'],
    what: /^The base_url of the homeserver is https:\/\/matirx.*matirx\.example\.com doesn't exist in DNS\.$/,
    fix: `Check the spelling of the name, or ${knownBaseUrl}`
  },
  'https://localhost:8008': {
    ids: ['discovery.no-address'],
    what: /localhost isn't a public name: other machines don't find it\.$/,
    fix: `Use a public name, or ${knownBaseUrl}`
  },
  'https://matrix.example.com:8448': {
    ids: ['client.unreachable'],
    what: /Connections are refused/,
    fix: `Configure the homeserver, or the proxy in front of it, to listen on port 8448 of matrix.example.com, or ${
      knownBaseUrl}`
  },
  'https://chat.example.com': {
    changes: {
      records: { 'chat.example.com': { A: ['45.0.0.8'] } },
      hosts: { '45.0.0.8:443': { certificate: ['DNS:chat.example.com'], handler: html('Element') } }
    },
    ids: ['client.versions'],
    what: /without a list of versions/,
    fix: `Pass /_matrix on to the homeserver, or ${knownBaseUrl}`
  },
  'https://45.0.0.3': {
    ids: ['certificate.name'],
    what: 'The certificate is for matrix.example.com, not for 45.0.0.3.',
    fix: /^Write the name matrix\.example\.com instead of the address in the URL, /
  },
  'https://192.168.1.3': {
    ids: ['address.private', 'client.unreachable'],
    what: '192.168.1.3 is a private address.',
    fix: 'Use a name, or a public address.'
  },
  'https://intern.example.com': {
    changes: {
      records: { 'intern.example.com': { A: ['192.168.1.3'] } },
      hosts: { '192.168.1.3:443': homeserver('intern.example.com') }
    },
    ids: ['address.private'],
    what: 'intern.example.com has only a private address in DNS: 192.168.1.3.',
    fix: /^Add the public address/
  },
  'https://matrix.example.com/_matrix/client': {
    ids: ['client.base-url-path'],
    what: 'The base_url is https://matrix.example.com/_matrix/client.',
    fix: /^Remove the path/
  },
  'https://https://matrix.example.com': {
    ids: ['document.invalid'],
    what: /has an extra "https:\/\/"; use https:\/\/matrix\.example\.com\.$/,
    fix: /^Fix M_HOMESERVER_BASE_URL/
  },
  'https://.example.com': {
    ids: ['document.invalid'],
    what: /set the variable that was probably empty/,
    fix: /^Fix M_HOMESERVER_BASE_URL/
  }
}

const worlds: Readonly<Record<string, World>> = {
  'nothing is installed yet': {
    changes: onOneMachine({ site: withoutDocuments }),
    ids: ['discovery.not-delegated'],
    what: /^A homeserver for example\.com responds at matrix\.example\.com:443, but nothing leads other servers/,
    fix: setUp
  },
  'nothing is installed, and the homeserver is at synapse.example.com': {
    changes: onOneMachine({
      site: withoutDocuments,
      records: { 'matrix.example.com': undefined, 'synapse.example.com': { A: ['45.0.0.3'] } },
      hosts: { '45.0.0.2:8448': undefined, '45.0.0.3:443': homeserver('synapse.example.com') }
    }),
    ids: ['discovery.not-delegated'],
    what: /responds at synapse\.example\.com:443/,
    fix: /^Set M_SERVER=synapse\.example\.com:443 and M_HOMESERVER_BASE_URL=https:\/\/synapse\.example\.com, and route /
  },
  'nothing is installed, and the homeserver has another name, which is on its certificate': {
    changes: onOneMachine({
      site: withoutDocuments,
      records: { 'matrix.example.com': undefined, 'chat.example.com': { A: ['45.0.0.3'] } },
      hosts: { '45.0.0.2:8448': homeserver('chat.example.com'), '45.0.0.3:443': homeserver('chat.example.com') }
    }),
    ids: ['discovery.not-delegated'],
    what: /responds at chat\.example\.com:443/,
    fix: /^Set M_SERVER=chat\.example\.com:443 /
  },
  'nothing is installed, and the homeserver is at the name itself': {
    changes: onOneMachine({
      records: { 'matrix.example.com': undefined },
      guard: () => buildHomeserver({ serverName: 'example.com' }),
      hosts: { '45.0.0.2:8448': undefined }
    }),
    ids: ['discovery.not-delegated'],
    what: /responds at example\.com:443/,
    fix: /^Set M_SERVER=example\.com:443 and M_HOMESERVER_BASE_URL=https:\/\/example\.com, and route /
  },
  'nothing is installed, and nothing listens on port 443 of the name': {
    changes: onOneMachine({ hosts: { '45.0.0.2:443': undefined, '45.0.0.2:8448': undefined } }),
    ids: ['discovery.not-delegated', 'document.unreachable'],
    what: /there is no response from https:\/\/example\.com\.$/,
    fix: /, and configure a web server or proxy to listen on port 443 of example\.com and pass /
  },
  'the documents are redirected to where they are not': {
    changes: onOneMachine({ site: redirectedAway, ...www }),
    ids: ['discovery.not-delegated'],
    what: /: the document is redirected to https:\/\/www\.example\.com\/\S+\/server, which returns status 404\.$/,
    fix: /^Set M_SERVER=.* on example\.com to the sidecar, without a redirect\.$/
  },
  'the documents are redirected to where they are not, and the settings are known': {
    changes: onOneMachine({ site: redirectedAway, ...www }),
    isOwn: true,
    ids: ['intent.missing'],
    what: /^It is configured, but redirected to https:\/\/www\.example\.com\/.*, where another server \("nginx"\) /,
    fix: /^Exclude \/\.well-known\/matrix\/ from redirects to www or https/
  },
  'only /client is redirected to where it is not': {
    changes: onOneMachine({ site: { [clientPath]: redirectedAway[clientPath] }, ...www }),
    ids: ['client.not-found'],
    what: /^https:\/\/example\.com redirects to https:\/\/www\.example\.com\/.*, which returns status 404\.$/,
    fix: 'Set M_HOMESERVER_BASE_URL, and serve the document on example.com without a redirect.'
  },
  'nothing but plain HTTP is at port 443 of the name': {
    changes: onOneMachine({ hosts: { '45.0.0.2:443': 'plain', '45.0.0.2:8448': undefined } }),
    ids: ['document.unreachable'],
    what: /^There is no response from https:\/\/example\.com\. This isn't TLS/,
    fix: /^Enable TLS/
  },
  'the settings say so already': {
    changes: onOneMachine({ site: withoutDocuments }),
    isOwn: true,
    ids: ['intent.missing'],
    what: 'It is configured, but another server ("nginx") returns status 404.',
    fix: 'Configure the proxy to pass /.well-known/matrix/ on to the sidecar, with the path unchanged.'
  },
  'the name of the host is checked': {
    changes: onOneMachine(),
    serverName: 'matrix.example.com',
    ids: ['discovery.is-a-host'],
    what: 'matrix.example.com is the host of a homeserver; its server name is "example.com".',
    fix: 'Check example.com instead.'
  },
  'the name of the host is checked, which serves documents': {
    changes: onOneMachine({ homeserver: { routes: { [serverPath]: json(server), [clientPath]: json(client) } } }),
    serverName: 'matrix.example.com',
    ids: ['discovery.is-a-host'],
    what: /its server name is "example\.com"/,
    fix: 'Check example.com instead.'
  },
  'the homeserver was installed with the name of its host': {
    changes: onOneMachine({
      site: withoutDocuments,
      hosts: {
        '45.0.0.2:8448': undefined, '45.0.0.3:443': homeserver('matrix.example.com', 'matrix.example.com')
      }
    }),
    ids: ['keys.server-name', 'client.not-found'],
    what: 'The homeserver identifies itself as "matrix.example.com", not "example.com".',
    fix: /^If users are called @user:matrix\.example\.com, check matrix\.example\.com instead\./
  },
  'there is no homeserver': {
    changes: onOneMachine({
      site: withoutDocuments, hosts: { '45.0.0.2:8448': 'dropping', '45.0.0.3:443': undefined }
    }),
    ids: ['federation.unreachable', 'client.not-found'],
    what: /connect to example\.com:8448 and get no response/,
    fix: /^Set M_SERVER to the host and port of the homeserver, such as M_SERVER=matrix\.example\.com:443/
  },

  'the sidecar is down': {
    changes: everywhere(nginx(502)),
    ids: ['document.status'],
    what: 'It returns status 502.',
    fix: /^Check that the sidecar is running/
  },
  'a web page is in place of the documents': {
    changes: onOneMachine({ site: { [serverPath]: html('hello'), [clientPath]: html('hello') } }),
    ids: ['document.html'],
    what: 'The response is a web page.',
    fix: /not to the web site: in nginx, with "location \^~/
  },
  'the documents are redirected to a page to log in': {
    changes: onOneMachine({
      site: {
        [serverPath]: redirect('https://www.example.com/login?rd=%2F', { headers: withoutCors }),
        [clientPath]: redirect('https://www.example.com/login?rd=%2F', { headers: withoutCors })
      },
      ...www,
      hosts: { '45.0.0.9:443': { certificate: ['DNS:www.example.com'], handler: html('Log in') } }
    }),
    ids: ['document.html'],
    what: 'It is redirected to https://www.example.com/login?rd=%2F, which is a web page.',
    fix: /, without a redirect or login: in nginx, /
  },
  'the homeserver has a second address, which is another web site': {
    changes: onOneMachine({
      records: { 'matrix.example.com': { A: ['45.0.0.3'], AAAA: ['2a00:db8::9'] } },
      site: { [clientPath]: wellKnown({ ...client, 'org.matrix.msc4143.rtc_foci': [own] }) },
      hosts: { '[2a00:db8::9]:443': { certificate: ['DNS:example.org'], handler: nginx(404) } }
    }),
    ids: ['certificate.name'],
    what: 'The certificate is for example.org, not for matrix.example.com.',
    fix: /If it isn't the server that is meant, remove the address 2a00:db8::9 from DNS\.$/
  },
  'a web page is in place of everything, and the settings are known': {
    changes: everywhere(html('hello')),
    isOwn: true,
    ids: ['document.html'],
    what: 'The response is a web page.',
    fix: /pass \/\.well-known\/matrix\/ on to the sidecar/
  },
  'the certificate of the name has expired': {
    changes: onOneMachine({
      hosts: {
        '45.0.0.2:443': {
          certificate: sharedAuthority().issue({ names: ['DNS:example.com'], validTo: new Date(Date.now() - day) }),
          handler: (request, response) =>
            wellKnown(request.url?.endsWith('/server') === true ? server : client)(request, response)
        }
      }
    }),
    ids: ['certificate.expired'],
    what: /^The certificate for example\.com expired on /,
    fix: 'Renew it and reload the server.'
  },
  'a cache has an old /server, and the settings are known': {
    changes: onOneMachine({ site: { [serverPath]: wellKnown({ 'm.server': 'old.example.com:443' }, stale) } }),
    isOwn: true,
    ids: ['intent.differs'],
    what: /^"m\.server" is "old\.example\.com:443", but should be "matrix\.example\.com:443"\. .* from a cache\.$/,
    fix: /^Purge the cache/
  },
  'a cache has an old /client, and the settings are known': {
    changes: onOneMachine({
      site: { [clientPath]: wellKnown({ 'm.homeserver': { base_url: 'https://old.example.com' } }, stale) }
    }),
    isOwn: true,
    ids: ['intent.differs'],
    what: /^"m\.homeserver" is .*old\.example\.com.* from a cache\.$/,
    fix: /^Purge the cache/
  },
  "/server names a host that doesn't exist": {
    changes: onOneMachine({ site: { [serverPath]: wellKnown({ 'm.server': 'matirx.example.com:443' }) } }),
    ids: ['discovery.no-address'],
    what: "m.server is matirx.example.com:443. matirx.example.com doesn't exist in DNS.",
    fix: /^Check the spelling of the name/
  },
  "/server names a host that doesn't exist, and clients find the homeserver": {
    changes: onOneMachine({ site: { [serverPath]: wellKnown({ 'm.server': 'matirx.example.com:443' }) } }),
    ids: ['discovery.no-address'],
    what: /matirx\.example\.com doesn't exist in DNS\.$/,
    fix: 'Check the spelling of the name, or set M_SERVER=matrix.example.com:443, where the homeserver responds.'
  },
  '/server names the container of the homeserver': {
    changes: onOneMachine({ site: { [serverPath]: wellKnown({ 'm.server': 'synapse:8008' }) } }),
    ids: ['discovery.no-address'],
    what: "m.server is synapse:8008. synapse isn't a public name: other machines don't find it.",
    fix: 'Use a public name, or set M_SERVER=matrix.example.com:443, where the homeserver responds.'
  },
  '/server leads to the web site, and clients find the homeserver': {
    changes: onOneMachine({ site: { [serverPath]: wellKnown({ 'm.server': 'example.com:443' }) } }),
    ids: ['keys.missing'],
    what: '/_matrix/key/v2/server returns status 404.',
    fix: /, or set M_SERVER=matrix\.example\.com:443, where the homeserver responds\.$/
  },
  '/server has the private address of the homeserver, and IPv6': {
    changes: onOneMachine({ site: { [serverPath]: wellKnown({ 'm.server': '[fd00::3]:8448' }) } }),
    ids: ['address.private', 'federation.unreachable'],
    what: 'fd00::3 is a private address.',
    fix: 'Use a name, or a public address.'
  },
  'an SRV record names a host that does not exist': {
    changes: onOneMachine({
      site: { [serverPath]: undefined },
      records: {
        '_matrix-fed._tcp.example.com': { SRV: [{ priority: 1, weight: 1, port: 443, target: 'hs.example.com' }] }
      }
    }),
    ids: ['discovery.no-address'],
    what: "The SRV record that is used is _matrix-fed._tcp.example.com. hs.example.com doesn't exist in DNS.",
    fix: /^Check the spelling of the name, or set M_SERVER=matrix\.example\.com:443, /
  },
  'a deprecated SRV record names a host that does not exist': {
    changes: onOneMachine({
      site: { [serverPath]: undefined, [clientPath]: undefined },
      records: {
        '_matrix._tcp.example.com': { SRV: [{ priority: 1, weight: 1, port: 443, target: 'hs.example.com' }] }
      }
    }),
    ids: ['discovery.no-address', 'client.not-found', 'discovery.srv-deprecated'],
    what: "The SRV record that is used is _matrix._tcp.example.com. hs.example.com doesn't exist in DNS.",
    fix: /^Check the spelling of the name; if it is right, add /
  },
  ...Object.fromEntries(Object.entries(baseUrls).map(([url, world]) =>
    [`base_url is ${url}`, { ...world, changes: onOneMachine({ ...world.changes, site: withBaseUrl(url) }) }])),

  'a proxy removes the path': {
    changes: behind(path => path.replace('/.well-known/matrix/', '/')),
    ids: ['document.path-changed'],
    what: 'The proxy removes "/.well-known/matrix" from the path.',
    fix: keepPath
  },
  'a proxy removes the path, and the settings are known': {
    changes: behind(path => path.replace('/.well-known', '')),
    isOwn: true,
    ids: ['document.path-changed'],
    what: 'The proxy removes "/.well-known" from the path.',
    fix: keepPath
  },
  'a proxy doubles the path': {
    changes: behind(path => `/.well-known/matrix${path}`),
    ids: ['document.path-changed'],
    what: 'The proxy adds "/.well-known/matrix" in front of the path.',
    fix: /"proxy_pass http:\/\/127\.0\.0\.1:8080;" without a path/
  },
  'a proxy appends to the path': {
    changes: behind(path => `${path}/x`),
    ids: ['document.path-changed'],
    what: 'The proxy adds "/x" to the end of the path.',
    fix: keepPath
  },

  'the homeserver has a wrong certificate, and the wrong site': {
    changes: withHomeserver(nginx(404), ['DNS:example.com']),
    ids: ['certificate.name'],
    what: 'The certificate is for example.com, not for matrix.example.com.',
    fix: /^Get a certificate for matrix\.example\.com/
  },
  ...Object.fromEntries([502, 503, 504].map(status => [`the homeserver is down, status ${status}`, {
    changes: withHomeserver(nginx(status)),
    ids: ['homeserver.down'],
    what: `The proxy returns status ${status} for /_matrix: it gets no response from the homeserver.`,
    fix: 'Check that the homeserver is running, and that the proxy sends /_matrix to its address and port.'
  }])),
  ...Object.fromEntries([
    [521, 'the server behind Cloudflare refuses connections', /^Start that server/],
    [522, 'connections from Cloudflare to the server behind it time out', /its address in Cloudflare's DNS settings/],
    [526, "Cloudflare doesn't trust the certificate of the server behind it", /^Install a valid certificate/],
    [530, "Cloudflare doesn't find the server behind it", /^Start cloudflared/]
  ].map(([status, what, fix]) => [`Cloudflare returns status ${String(status)} for the homeserver`, {
    changes: { hosts: { '45.0.0.3:443': { certificate: ['DNS:matrix.example.com'], handler: nginx(Number(status)) } } },
    ids: ['homeserver.down'],
    what: `The proxy returns status ${String(status)} for /_matrix: ${String(what)}.`,
    fix
  }])),
  'a bot challenge is in front of the homeserver': {
    changes: withHomeserver(html('Just a moment...', { status: 403, headers: { 'cf-mitigated': 'challenge' } })),
    ids: ['homeserver.blocked'],
    what: 'The response for /_matrix is a page that checks whether its reader is a person.',
    fix: 'Exclude /_matrix from bot protection.'
  },
  'a rule forbids requests for the homeserver': {
    changes: withHomeserver(nginx(403)),
    ids: ['homeserver.blocked'],
    what: 'The proxy returns status 403 for /_matrix.',
    fix: 'Exclude /_matrix from the rule that forbids it.'
  },
  'the host of the homeserver redirects to another': {
    changes: {
      hosts: {
        '45.0.0.3:443': {
          certificate: ['DNS:matrix.example.com'],
          handler: (request, response) => {
            redirect(`https://hs.example.com${request.url ?? ''}`, { status: 301 })(request, response)
          }
        }
      }
    },
    ids: ['keys.missing'],
    what: /returns status 301, a redirect to "https:\/\/hs\.example\.com\/_matrix\/key\/v2\/server"\.$/,
    fix: 'Pass /_matrix on to the homeserver without a redirect, or set M_SERVER=hs.example.com:443.'
  },
  'a proxy passes nothing on to the homeserver': {
    changes: withHomeserver(nginx(404)),
    ids: ['keys.missing'],
    what: '/_matrix/key/v2/server returns status 404.',
    fix: /^Pass all of \/_matrix on to the homeserver/
  },
  'the listener of Synapse lacks federation': {
    changes: onOneMachine({ homeserver: { routes: { ...lacking, 'GET /_matrix/key/v2/server': unrecognized } } }),
    ids: ['federation.not-served'],
    what: /\/_matrix\/federation with status 404 and M_UNRECOGNIZED/,
    fix: /add "federation" to the listener/
  },
  'the listener of Synapse has keys, but lacks federation': {
    changes: onOneMachine({ homeserver: { routes: lacking } }),
    ids: ['federation.not-served'],
    what: /M_UNRECOGNIZED/,
    fix: /"resources: \[\{names: \[client, federation\]\}\]"/
  },
  "the name doesn't exist": {
    changes: { records: { 'example.com': undefined, 'matrix.example.com': undefined } },
    ids: ['discovery.no-address'],
    what: "example.com doesn't exist in DNS.",
    fix: /^Check the spelling of the name/
  },
  'the name has no address, but there is a homeserver': {
    changes: onOneMachine({ records: { 'example.com': { A: [] } } }),
    ids: ['discovery.no-address', 'discovery.not-delegated'],
    what: 'example.com has no A and no AAAA record in DNS.',
    fix: 'Add A and AAAA records.'
  },
  'the homeserver refuses connections': {
    changes: onOneMachine({ hosts: { '45.0.0.3:443': undefined } }),
    ids: ['federation.unreachable'],
    what: /connect to matrix\.example\.com:443 and get no response/,
    fix: /to listen on port 443 of matrix\.example\.com/
  },

  'the service for calls is that of matrix.org': {
    changes: withCalls([{ type: 'livekit', livekit_service_url: 'https://livekit-jwt.call.matrix.org' }]),
    ids: ['call.withdrawn'],
    what: 'The livekit_service_url is https://livekit-jwt.call.matrix.org.',
    fix: /^Run a LiveKit server and lk-jwt-service of your own/
  },
  'the homeserver has other transports for calls, under their new name': {
    changes: withCalls([own], [{ type: 'livekit', url: 'https://old.example.com' }]),
    ids: ['client.rtc-differs'],
    what: `/client contains ${own.livekit_service_url}, the homeserver https://old.example.com.`,
    fix: 'Configure the same services in both.'
  },
  'the homeserver has the new name for calls, and the old one with another URL': {
    changes: withCalls([own], [{ ...own, url: 'https://new.example.com' }]),
    ids: ['client.rtc-differs'],
    what: /the homeserver https:\/\/new\.example\.com\.$/,
    fix: 'Configure the same services in both.'
  },
  'the identity server is gone': {
    changes: onOneMachine({
      site: { [clientPath]: wellKnown({ ...client, 'm.identity_server': { base_url: 'https://vector.example.org' } }) }
    }),
    ids: ['client.identity-server'],
    what: 'The identity server is https://vector.example.org, but vector.example.org has no address in DNS.',
    fix: /^Fix the base_url of m\.identity_server, or leave out that key \(M_IDENTITY_SERVER_BASE_URL\)/
  },

  'JSON with a comment': {
    changes: written(document => `# Matrix\n${document}`),
    ids: ['document.json'],
    what: "The response isn't JSON: comment in line 1, column 1.",
    fix: 'Remove the comment: JSON has none.'
  },
  'JSON with a comma too many': {
    changes: onOneMachine({ site: { [serverPath]: respondWith('{"m.server":"matrix.example.com:443",}') } }),
    ids: ['document.json'],
    what: "The response isn't JSON: trailing comma in line 1, column 37.",
    fix: 'Remove the comma: JSON has none after the last entry.'
  },
  'JSON with single quotes': {
    changes: written(document => document.replaceAll('"', "'")),
    ids: ['document.json'],
    what: "The response isn't JSON: single quotes in line 2, column 3.",
    fix: 'Use double quotes ("): JSON has no others.'
  },
  'JSON with quotes that are escaped': {
    changes: written(document => document.replaceAll('"', '\\"')),
    ids: ['document.json'],
    what: "The response isn't JSON: backslash in line 2, column 3.",
    fix: 'Remove the backslashes before the quotation marks.'
  },
  YAML: {
    changes: onOneMachine({ site: { [serverPath]: respondWith('m.server: matrix.example.com:443\n') } }),
    ids: ['document.json'],
    what: 'The response isn\'t JSON: it begins with "m.server: matrix.example.com:443\\n".',
    fix: 'Serve only JSON, such as {"m.server":"matrix.example.com:443"}, or let the sidecar serve the document.'
  },
  'a text': {
    changes: everywhere(text('404 page not found')),
    ids: ['document.json'],
    what: 'The response isn\'t JSON: it begins with "404 page not found".',
    fix: 'Configure the proxy to pass /.well-known/matrix/ on to the sidecar.'
  },
  'an empty 200': {
    changes: everywhere(respondWith('', { headers: withoutCors })),
    ids: ['document.json'],
    what: 'The response is empty.',
    fix: /no handler matches this path/
  },
  'keys that are split at their dots': {
    changes: onOneMachine({
      site: { [serverPath]: wellKnown({ m: { server: 'a:443' } }), [clientPath]: wellKnown({ m: { homeserver: {} } }) }
    }),
    ids: ['document.misplaced-key'],
    what: '"m.server" is split at its dot into "m": {"server".',
    fix: 'Write "m.server" as one key, with the dot in its name.'
  },
  'm.server in /client': {
    changes: onOneMachine({ site: { [serverPath]: undefined, [clientPath]: wellKnown({ ...client, ...server }) } }),
    ids: ['document.misplaced-key'],
    what: 'The key "m.server" belongs in /.well-known/matrix/server.',
    fix: 'Serve it there instead: set M_SERVER=matrix.example.com:443, or move the key.'
  },
  admins: {
    changes: onOneMachine({
      site: { 'GET /.well-known/matrix/support': wellKnown({ admins: [{ matrix_id: '@a:example.com' }] }) }
    }),
    ids: ['document.misplaced-key'],
    what: 'The key "admins" is called "contacts" now.',
    fix: 'Rename it to "contacts".'
  },
  'the same document at every path': {
    changes: everywhere(wellKnown(server)),
    ids: ['document.any-path'],
    what: 'The response is the same as for a path that doesn\'t exist: {"m.server":"matrix.example.com:443"}.',
    fix: /to serve each document only at its own path/
  },
  'the same JSON at every path': {
    changes: everywhere(json({ status: 'ok' })),
    ids: ['document.any-path'],
    what: /: \{"status":"ok"\}\.$/,
    fix: /pass \/\.well-known\/matrix\/ on to the sidecar/
  },
  410: {
    changes: everywhere(nginx(410)),
    ids: ['document.status'],
    what: 'It returns status 410, which says that the homeserver is gone for good.',
    fix: /remove "return 410"/
  },

  'a proxy doubles the CORS headers of the homeserver': {
    changes: withHomeserver(withOrigins(['*', '*'])),
    ids: ['cors.doubled'],
    what: 'Access-Control-Allow-Origin is sent 2 times: * and *.',
    fix: 'Remove the CORS headers from the proxy in front of the homeserver, which sends them itself.'
  },
  'a proxy removes the CORS headers of the homeserver': {
    changes: withHomeserver(withOrigins([])),
    ids: ['cors.missing'],
    what: 'There is no Access-Control-Allow-Origin header.',
    fix: /^The homeserver sends this header on every response/
  }
}

for (const [title, { changes, serverName = 'example.com', isOwn, ids, what, fix }] of Object.entries(worlds)) {
  t.test(`${title}: the first finding says what to change`, async t => {
    const world = await startHealthyWorld(t, changes)
    const report = await checkWorld(world, { serverName, timeout: 2, intent: isOwn === true ? intent : undefined })
    const [first] = report.findings
    t.match(first, { id: ids[0], what, fix })
    t.strictSame(idsOf({ ...report, findings: report.findings.filter(({ severity }) => severity !== 'notice') }), ids)
  })
}

t.test('a proxy in the way is the reason that every reader is given', async t => {
  for (const handler of [nginx(522), nginx(403), nginx(301)]) {
    const world = await startHealthyWorld(t, withHomeserver(handler))
    for (const [id, { outcome, finding }] of Object.entries((await checkWorld(world)).verdict.readers)) {
      t.equal(outcome, 'fails', id)
      t.type(finding, 'string', id)
    }
  }
})

t.test('each reader that fails is given a reason, however it reads the documents', async t => {
  const site = (documents: readonly [unknown, unknown], encoding: BufferEncoding = 'utf8'): Changes => onOneMachine({
    site: Object.fromEntries(documents.map((document, i) => {
      const body = Buffer.from(JSON.stringify(document), encoding)
      return [i === 0 ? serverPath : clientPath, respondWith(body, { headers: wellKnownHeaders })]
    }))
  })
  for (const changes of [
    site([{ 'm.server': 'matrix.example.com:0' }, { 'm.homeserver': { base_url: 'http://localhost:8008' } }]),
    site([{ 'm.server': 'matrix.example.com.' }, client]),
    site([`\ufeff${JSON.stringify(server)}`, `\ufeff${JSON.stringify(client)}`], 'utf16le')
  ]) {
    const { verdict } = await checkWorld(await startHealthyWorld(t, changes))
    const failing = Object.entries(verdict.readers).filter(([, { outcome }]) => outcome === 'fails')
    t.not(failing.length, 0)
    t.strictSame(failing.filter(([, { finding }]) => finding === null).map(([id]) => id), [])
  }
})

t.test('CORS is needed on errors of the homeserver, too', async t => {
  const world = await startHealthyWorld(t, withHomeserver(withOrigins([], status => status >= 400)))
  t.match((await checkWorld(world)).findings, [{
    id: 'cors.missing',
    subject: /whoami$/,
    what: 'There is no Access-Control-Allow-Origin header in the response with status 401.'
  }])
})

t.test('calls are configured only in /client: says what Synapse needs, too', async t => {
  const world = await startHealthyWorld(t, { homeserver: { rtcTransports: false } })
  t.match((await checkWorld(world)).findings, [{
    id: 'client.rtc-transports',
    severity: 'notice',
    fix: /in Synapse, matrix_rtc and also experimental_features: \{msc4143_enabled: true\}\.$/
  }])
})

t.test('services for calls are the same under their old and new name', async t => {
  const { livekit_service_url: url } = own
  for (const transport of [{ type: 'livekit', url }, { ...own, url }, own, { type: 'livekit' }]) {
    t.strictSame(idsOf(await checkWorld(await startHealthyWorld(t, {
      homeserver: { routes: { [transportsPath]: json({ rtc_transports: [transport] }) } }
    }))), [])
  }
})

t.test("a key that is also in the right document isn't missing", async t => {
  const both = wellKnown({ ...client, ...server })
  const world = await startHealthyWorld(t, onOneMachine({ site: { [serverPath]: both, [clientPath]: both } }))
  t.notOk(idsOf(await checkWorld(world)).includes('document.misplaced-key'))
})

t.test('the first finding explains why readers fail, whatever follows from it', async t => {
  const world = await startWorld(t, describeHealthyWorld(onOneMachine({ site: withoutDocuments })))
  const { verdict, findings } = await checkWorld(world)
  t.match(verdict.readers, {
    synapse: { finding: 'discovery.not-delegated', reason: 'the homeserver exists, but nothing leads to it' },
    'element-x': { finding: 'discovery.not-delegated' }
  })
  t.equal(findings.length, 1)
})
