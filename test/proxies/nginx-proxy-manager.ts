import { writeNginxConfig } from './debian.ts'
import type { Place, Proxy } from './proxies.ts'
import { enter, readForms } from './recipes.ts'
import type { Form } from './recipes.ts'

/** How its releases write a custom location. The path and the place of the forwarding fields differ. */
export const locationStyles = ['proxy_pass with a name', 'proxy_pass with variables', '^~ before the path'] as const
export type LocationStyle = typeof locationStyles[number]

/**
 * nginx as Nginx Proxy Manager configures it from the forms in the recipe, with every option that adds something to a
 * custom location.
 *
 * @see https://github.com/NginxProxyManager/nginx-proxy-manager/tree/develop/backend/templates
 */
export function describeNginxProxyManager (style: LocationStyle): Proxy {
  return {
    name: `Nginx Proxy Manager, ${style}`,
    debianPackage: 'nginx',
    command: 'nginx',
    ready: [/start worker process /],
    challenge: { body: undefined, redirected: false },
    configure: place => {
      const [site, homeserver] = readForms('Details')
      const [documents, ...matrix] = readForms('Custom locations')
      if (site === undefined || homeserver === undefined || documents === undefined) throw new Error('no forms')
      const locations = (forms: readonly Form[]): string[] => forms.map(form => renderLocation(style, {
        path: enter(form, 'Location'), scheme: enter(form, 'Scheme'), port: findPort(place, form)
      }))
      return writeNginxConfig(place.directory, [
        'gzip on;',
        'client_max_body_size 2000m;',
        'proxy_http_version 1.1;',
        'proxy_set_header Accept-Encoding "";',
        'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
        'map $host $forward_scheme { default http; }',
        ...renderHost(place, enter(site, 'Domain Names'), place.ports.site, locations([documents])),
        ...renderHost(place, enter(homeserver, 'Domain Names'), findPort(place, homeserver), locations(matrix))
      ].join('\n'))
    }
  }
}

/** In containers, the names in a form are those of other containers; here, all of them are on this machine. */
function findPort ({ ports }: Place, form: Form): number {
  const address = `${enter(form, 'Forward Hostname / IP')}:${enter(form, 'Forward Port')}`
  if (address === 'matrix-well-known:8080') return ports.sidecar1
  if (address === 'synapse:8008') return ports.homeserver
  throw new Error(`the recipe for Nginx Proxy Manager has another address: ${address}`)
}

const hsts = 'add_header Strict-Transport-Security "max-age=63072000; preload" always;'
const upgrade = [
  'proxy_set_header Upgrade $http_upgrade;',
  'proxy_set_header Connection $http_connection;',
  'proxy_http_version 1.1;'
]

function renderHost (
  { directory, ports }: Place, name: string, port: number, locations: readonly string[]
): string[] {
  return [
    'server {',
    `set $server "127.0.0.1"; set $port ${port};`,
    `listen 127.0.0.1:${ports.http};`,
    `listen 127.0.0.1:${ports.https} ssl http2;`,
    `server_name ${name};`,
    `ssl_certificate ${directory}/live/${name}/fullchain.pem;`,
    `ssl_certificate_key ${directory}/live/${name}/privkey.pem;`,
    // Block Common Exploits, Force SSL and Cache Assets.
    'if ($query_string ~ "union.*select.*\\(") { return 403; }',
    'if ($scheme = "http") { return 301 https://$host$request_uri; }',
    'location ~* ^.*\\.(css|js|jpe?g|png|ico)$ { proxy_pass $forward_scheme://$server:$port$request_uri; }',
    ...locations,
    'location / {',
    hsts,
    ...upgrade,
    'add_header X-Served-By $host;',
    'proxy_set_header Host $host;',
    'proxy_set_header X-Forwarded-Proto $scheme;',
    'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
    'proxy_pass $forward_scheme://$server:$port$request_uri;',
    '}',
    '}'
  ]
}

interface Location {
  readonly path: string
  readonly scheme: string
  readonly port: number
}

function renderLocation (style: LocationStyle, { path, scheme, port }: Location): string {
  const forward = style === 'proxy_pass with variables'
    ? `set $a ${scheme}; set $b "127.0.0.1"; set $c ${port}; proxy_pass $a://$b:$c;`
    : `proxy_pass ${scheme}://127.0.0.1:${port};`
  return [
    `location ${style === '^~ before the path' ? '^~ ' : ''}${path} {`,
    'proxy_set_header Host $host;',
    'proxy_set_header X-Forwarded-Scheme $scheme;',
    'proxy_set_header X-Forwarded-Proto $scheme;',
    'proxy_set_header X-Forwarded-For $remote_addr;',
    forward,
    'if ($scheme = "http") { return 301 https://$host$request_uri; }',
    hsts,
    ...upgrade,
    '}'
  ].join('\n')
}
