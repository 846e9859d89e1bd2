import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeNginxConfig } from '../../proxies/debian.ts'
import { startProgram } from '../../proxies/program.ts'
import type { Certificate } from '../../support/certificates.ts'
import type { Scope } from '../../support/listen.ts'
import { arrivalHeaders } from './homeserver.ts'

export interface Site {
  readonly serverName: string
  /** The Unix socket of what serves its documents: a sidecar, or anything else that speaks HTTP. */
  readonly socket: string
}

export interface ProxyOptions {
  readonly directory: string
  readonly sites: readonly Site[]
  /** The Unix socket that gets all other requests. */
  readonly homeserver: string
  /** One for all names. */
  readonly certificate: Certificate
  readonly tlsPorts: Iterable<number>
  /** A port with a certificate for another name. */
  readonly wrong: { readonly certificate: Certificate, readonly port: number } | undefined
  readonly plainPorts: Iterable<number>
}

/** Starts nginx, which forwards each site's documents as in our example. */
export async function startNginx (t: Scope, options: ProxyOptions): Promise<void> {
  const { directory, certificate, wrong } = options
  writeCertificate(certificate, directory, 'proxy')
  if (wrong !== undefined) writeCertificate(wrong.certificate, directory, 'wrong')
  const nginx = await startProgram({
    command: 'nginx',
    // The sockets belong to root.
    args: writeNginxConfig(directory, configuration(options), 'root'),
    ready: [/start worker process /],
    directory
  })
  t.teardown(nginx.stop)
}

function writeCertificate ({ certificate, key }: Certificate, directory: string, name: string): void {
  writeFileSync(join(directory, `${name}.pem`), certificate)
  writeFileSync(join(directory, `${name}.key`), key)
}

/** The http block. */
function configuration ({ directory, sites, homeserver, tlsPorts, wrong, plainPorts }: ProxyOptions): string {
  const listen = (port: number, tls: string): string => `listen ${port}${tls}; listen [::]:${port}${tls};`
  const wrongServer = (port: number): string => `server {
    ${listen(port, ' ssl')}
    ssl_certificate ${directory}/wrong.pem;
    ssl_certificate_key ${directory}/wrong.key;
    location / { proxy_pass http://homeserver; }
  }`
  return `
  access_log off;
  map_hash_bucket_size 512;
  map_hash_max_size 16384;
  upstream homeserver { server unix:${homeserver}; }
  ${sites.map(({ socket }, index) => `upstream site${index} { server unix:${socket}; }`).join('\n  ')}
  map $host $site {
    default homeserver;
    ${sites.map(({ serverName }, index) => `"${hostOf(serverName)}" site${index};`).join('\n    ')}
  }
  server {
    ${[...new Set(tlsPorts)].map(port => listen(port, ' ssl')).join(' ')}
    ${[...new Set(plainPorts)].map(port => listen(port, '')).join(' ')}
    ssl_certificate ${directory}/proxy.pem;
    ssl_certificate_key ${directory}/proxy.key;
    proxy_set_header Host $http_host;
    proxy_set_header ${arrivalHeaders.port} $server_port;
    proxy_set_header ${arrivalHeaders.servername} $ssl_server_name;
    location /.well-known/matrix/ { proxy_pass http://$site; }
    location / { proxy_pass http://homeserver; }
  }
  ${wrong === undefined ? '' : wrongServer(wrong.port)}
`
}

/** As nginx sees it in a request. */
function hostOf (serverName: string): string {
  return serverName.replace(/:\d+$/, '').toLowerCase()
}
