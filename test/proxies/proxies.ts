import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { haproxyDefaults, writeApacheConfig, writeNginxConfig } from './debian.ts'

/** Where a test has its files, and the ports of everything. */
export interface Place {
  readonly directory: string
  readonly ports: Readonly<Record<PortName, number>>
}

export const portNames = [
  'http', 'https', 'federation', 'sidecar1', 'sidecar2', 'site', 'homeserver', 'certbot'
] as const
export type PortName = typeof portNames[number]

export interface Proxy {
  readonly name: string
  readonly debianPackage: string
  readonly command: string
  /** What it writes once it is ready. */
  readonly ready: readonly RegExp[]
  /** The response to an ACME server. It follows a redirect to https if the proxy doesn't need the file itself. */
  readonly challenge: { readonly body: string | undefined, readonly redirected: boolean }
  /** Writes its configuration, and returns the arguments to start it with in the foreground. */
  readonly configure: (place: Place) => string[]
}

/** The path of a challenge, for proxies that serve it from a directory. */
export const challengePath = '/.well-known/acme-challenge/token'

export const nginx: Proxy = {
  name: 'nginx',
  debianPackage: 'nginx',
  command: 'nginx',
  ready: [/start worker process /],
  challenge: { body: 'token of the webroot', redirected: false },
  configure: place => {
    const { directory, ports } = place
    // 127.0.0.2 stands for IPv6, which not every machine has.
    const https: Swap[] = [
      ['listen 443 ', `listen 127.0.0.1:${ports.https} `],
      ['listen [::]:443 ', `listen 127.0.0.2:${ports.https} `]
    ]
    copyExample(place, 'nginx/example.com.conf', [
      ['listen 80;', `listen 127.0.0.1:${ports.http};`],
      ['listen [::]:80;', `listen 127.0.0.2:${ports.http};`],
      ...https, certificates(place), webroot(place), ...backends(ports, 'sidecar1', 'sidecar2', 'site')
    ])
    copyExample(place, 'nginx/matrix.example.com.conf', [
      ['listen 8448 ', `listen 127.0.0.1:${ports.federation} `],
      ['listen [::]:8448 ', `listen 127.0.0.2:${ports.federation} `],
      ...https, certificates(place), ...backends(ports, 'homeserver')
    ])
    return writeNginxConfig(directory, `access_log off; gzip on; include ${directory}/*example.com.conf;`)
  }
}

export const caddy: Proxy = {
  name: 'Caddy',
  debianPackage: 'caddy',
  command: 'caddy',
  ready: ['example.com', 'www.example.com', 'matrix.example.com']
    .map(name => new RegExp(`certificate obtained successfully.*"identifier":"${name}"`)),
  challenge: { body: `site: GET ${challengePath}`, redirected: true },
  configure: place => {
    const { directory, ports } = place
    const example = copyExample(place, 'caddy/Caddyfile', [
      ['matrix.example.com:8448', `matrix.example.com:${ports.federation}`],
      ...backends(ports, 'sidecar1', 'sidecar2', 'site', 'homeserver')
    ])
    // Caddy gets certificates itself, so the test's authority replaces a public one.
    const main = write(place, 'Caddyfile', `{
      admin off
      storage file_system ${directory}/caddy
      default_bind 127.0.0.1
      http_port ${ports.http}
      https_port ${ports.https}
      local_certs
      skip_install_trust
      pki {
        ca local {
          root {
            cert ${directory}/ca.pem
            key ${directory}/ca.key
          }
        }
      }
    }
    import ${example}
    `)
    return ['run', '--adapter', 'caddyfile', '--config', main]
  }
}

export const apache: Proxy = {
  name: 'Apache httpd',
  debianPackage: 'apache2',
  command: 'apache2',
  ready: [/resuming normal operations/],
  challenge: { body: 'token of the webroot', redirected: false },
  configure: place => {
    const { directory, ports } = place
    const virtualHost: Swap = ['<VirtualHost *:443', `<VirtualHost *:${ports.https}`]
    const examples = [
      copyExample(place, 'apache/example.com.conf', [
        ['<VirtualHost *:80>', `<VirtualHost *:${ports.http}>`],
        virtualHost, certificates(place), webroot(place), ...backends(ports, 'sidecar1', 'sidecar2', 'site')
      ]),
      copyExample(place, 'apache/matrix.example.com.conf', [
        ['Listen 8448', `Listen 127.0.0.1:${ports.federation}`],
        [' *:8448>', ` *:${ports.federation}>`],
        virtualHost, certificates(place), ...backends(ports, 'homeserver')
      ])
    ]
    return writeApacheConfig(directory, examples.map(example => readFileSync(example, 'utf8')).join(), [
      `Listen 127.0.0.1:${ports.http}`,
      `Listen 127.0.0.1:${ports.https}`,
      ...examples.map(example => `Include ${example}`)
    ])
  }
}

export const haproxy: Proxy = {
  name: 'HAProxy',
  debianPackage: 'haproxy',
  command: 'haproxy',
  ready: [/Loading success/],
  challenge: { body: `certbot: GET ${challengePath}`, redirected: false },
  configure: place => {
    const { directory, ports } = place
    const example = copyExample(place, 'haproxy/haproxy.cfg', [
      ['bind :80', `bind 127.0.0.1:${ports.http}`],
      ['bind [::]:80 v6only', `bind 127.0.0.2:${ports.http}`],
      ['bind :443 ', `bind 127.0.0.1:${ports.https} `],
      ['bind [::]:443 v6only ', `bind 127.0.0.2:${ports.https} `],
      ['bind :8448 ', `bind 127.0.0.1:${ports.federation} `],
      ['bind [::]:8448 v6only ', `bind 127.0.0.2:${ports.federation} `],
      ['/etc/haproxy/certs/', `${directory}/combined/`],
      ...backends(ports, 'sidecar1', 'sidecar2', 'site', 'homeserver', 'certbot')
    ])
    const main = write(place, 'defaults.cfg', haproxyDefaults)
    return ['-W', '-db', '-f', main, '-f', example]
  }
}

/** Debian has no package of Traefik. It is run if TRAEFIK is set to the path of the program. */
export const traefik: Proxy = {
  name: 'Traefik',
  debianPackage: '(none)',
  command: process.env.TRAEFIK ?? '',
  ready: ['websecure', 'federation'].map(name => new RegExp(`"entryPointName":"${name}".*Adding route for matrix`)),
  challenge: { body: undefined, redirected: false },
  configure: place => {
    const { directory, ports } = place
    const routes = copyExample(place, 'traefik/dynamic.yaml', [
      ['http:\n  routers:\n', `tls:\n  certificates:${['example.com', 'matrix.example.com'].map(name => `
    - certFile: ${directory}/live/${name}/fullchain.pem
      keyFile: ${directory}/live/${name}/privkey.pem`).join('')}\nhttp:\n  routers:\n`],
      ...backends(ports, 'sidecar1', 'sidecar2', 'site', 'homeserver')
    ])
    const main = copyExample(place, 'traefik/traefik.yaml', [
      // The log says when the routes are ready. Without checkNewVersion, Traefik connects to the Internet.
      ['entryPoints:\n', 'log:\n  level: DEBUG\n  format: json\nglobal:\n  checkNewVersion: false\nentryPoints:\n'],
      ['":80"', `"127.0.0.1:${ports.http}"`],
      ['":443"', `"127.0.0.1:${ports.https}"`],
      ['":8448"', `"127.0.0.1:${ports.federation}"`],
      ['/etc/traefik/dynamic.yaml', routes],
      // There is a certificate already, and no server to request one from.
      ['/var/lib/traefik/acme.json', `${directory}/acme.json\n      caServer: https://127.0.0.1:1/`]
    ])
    return [`--configFile=${main}`]
  }
}

const optional = process.env.TRAEFIK === undefined ? [] : [traefik]

export const proxies: readonly Proxy[] = [nginx, caddy, apache, haproxy, ...optional]

export type Swap = readonly [from: string, to: string]

/** Copies a file from examples/ and replaces these texts, each of which must be in it. */
export function copyExample (place: Place, path: string, swaps: readonly Swap[]): string {
  const example = readFileSync(fileURLToPath(new URL(`../../examples/${path}`, import.meta.url)), 'utf8')
  for (const [from] of swaps) {
    if (!example.includes(from)) throw new Error(`examples/${path} has no ${JSON.stringify(from)}: update this test`)
  }
  // All at once, so that a replacement isn't replaced again.
  const pattern = new RegExp(swaps.map(([from]) => from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g')
  const swapped = new Map(swaps)
  return write(place, path.replaceAll('/', '-'), example.replace(pattern, found => swapped.get(found) ?? found))
}

export function write ({ directory }: Place, name: string, text: string): string {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

const backendPorts = { sidecar1: 8080, sidecar2: 8081, site: 3000, homeserver: 8008, certbot: 8888 } as const

function backends (ports: Place['ports'], ...names: Array<keyof typeof backendPorts>): Swap[] {
  return names.map(name => [`127.0.0.1:${backendPorts[name]}`, `127.0.0.1:${ports[name]}`])
}

function certificates ({ directory }: Place): Swap {
  return ['/etc/letsencrypt/live/', `${directory}/live/`]
}

function webroot ({ directory }: Place): Swap {
  return ['/var/www/letsencrypt', `${directory}/webroot`]
}
