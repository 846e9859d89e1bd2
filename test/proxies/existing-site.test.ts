import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { readPage } from '../support/pages.ts'
import { testResponses, testSite } from './behaviour.ts'
import type { Protocol } from './client.ts'
import { haproxyDefaults, writeApacheConfig, writeNginxConfig } from './debian.ts'
import { apache, caddy, haproxy, nginx, write } from './proxies.ts'
import type { Place, Proxy } from './proxies.ts'
import { startSetup } from './setup.ts'

const protocols: readonly Protocol[] = ['https', 'h2']
const variant = { www: false, federation: false, addsForwardedFor: false }

/** What docs/proxies.md says to copy from an example. */
interface Parts {
  readonly inside: string
  readonly beside: string
}

function copyParts (proxy: Proxy, example: string, { ports }: Place): Parts {
  const file = readFileSync(fileURLToPath(new URL(`../../examples/${example}`, import.meta.url)), 'utf8')
  const text = file.replaceAll(':8080', `:${ports.sidecar1}`).replaceAll(':8081', `:${ports.sidecar2}`)
  const row = readPage('docs/proxies.md').split('\n').find(line => line.startsWith(`| ${proxy.name} |`)) ?? ''
  const [inside = '', beside = ''] = row.split(' | ').slice(1).map(cell => {
    // What follows the parts says where they belong.
    const [parts = ''] = cell.split(', before ')
    return [...parts.matchAll(/`(.+?)`/g)].map(([, start = '']) => cutPart(text, start)).join('\n')
  })
  return { inside, beside }
}

/** The line that starts with this text, and the block that it opens. */
function cutPart (text: string, start: string): string {
  const lines = text.split('\n')
  const first = lines.findIndex(line => line.trimStart().startsWith(start))
  if (first === -1) throw new Error(`The example has no ${start}: update docs/proxies.md`)
  const indent = (line = ''): number => line.search(/\S|$/)
  const depth = indent(lines[first])
  const length = lines.slice(first + 1).findIndex(line => indent(line) <= depth)
  const end = first + 1 + length
  const closes = /^\s*(?:\}|<\/)/.test(lines[end] ?? '')
  return lines.slice(first, closes ? end + 1 : end).join('\n')
}

/** Proxies with a site that was there before. */
const existing: readonly Proxy[] = [
  {
    ...nginx,
    configure: place => {
      const { inside, beside } = copyParts(nginx, 'nginx/example.com.conf', place)
      return writeNginxConfig(place.directory, `access_log off; gzip on; ${beside}
      server {
        listen 127.0.0.1:${place.ports.https} ssl http2;
        server_name example.com;
        ssl_certificate ${place.directory}/live/example.com/fullchain.pem;
        ssl_certificate_key ${place.directory}/live/example.com/privkey.pem;
        error_page 404 405 /error.html;
        location / { proxy_pass http://127.0.0.1:${place.ports.site}; }
        location ~ /\\.well-known/matrix/ { deny all; }
        ${inside}
      }`)
    }
  },
  {
    ...caddy,
    ready: [/serving initial configuration/],
    configure: place => {
      const { directory, ports } = place
      const main = write(place, 'Caddyfile', `{
        admin off
        auto_https off
        storage file_system ${directory}/caddy
        default_bind 127.0.0.1
      }
      https://example.com:${ports.https} {
        tls ${directory}/live/example.com/fullchain.pem ${directory}/live/example.com/privkey.pem
        encode gzip
        reverse_proxy 127.0.0.1:${ports.site}
        ${copyParts(caddy, 'caddy/Caddyfile', place).inside}
      }
      `)
      return ['run', '--adapter', 'caddyfile', '--config', main]
    }
  },
  {
    ...apache,
    configure: place => {
      const { directory, ports } = place
      const example = 'apache/example.com.conf'
      const file = readFileSync(fileURLToPath(new URL(`../../examples/${example}`, import.meta.url)), 'utf8')
      return writeApacheConfig(directory, file, [
        `Listen 127.0.0.1:${ports.https}`,
        `<VirtualHost *:${ports.https}>`,
        'ServerName example.com',
        'Protocols h2 http/1.1',
        'SSLEngine On',
        `SSLCertificateFile ${directory}/live/example.com/fullchain.pem`,
        `SSLCertificateKeyFile ${directory}/live/example.com/privkey.pem`,
        copyParts(apache, example, place).inside,
        `ProxyPass / http://127.0.0.1:${ports.site}/ nocanon`,
        'ProxyErrorOverride On',
        '</VirtualHost>'
      ])
    }
  },
  {
    ...haproxy,
    configure: place => {
      const { directory, ports } = place
      const { inside, beside } = copyParts(haproxy, 'haproxy/haproxy.cfg', place)
      const main = write(place, 'haproxy.cfg', `${haproxyDefaults}
frontend site
    bind 127.0.0.1:${ports.https} ssl crt ${directory}/combined/ alpn h2,http/1.1
${inside}
    use_backend site if TRUE

backend site
    server site 127.0.0.1:${ports.site}

${beside}
`)
      return ['-W', '-db', '-f', main]
    }
  }
]

t.jobs = existing.length

for (const proxy of existing) {
  t.test(`the parts for ${proxy.name} fit into a site that exists`, { buffered: true }, async t => {
    const setup = await startSetup(t, proxy)
    for (const protocol of protocols) {
      await t.test(`responses, over ${protocol}`, t => testResponses(t, setup, protocol, variant))
      await t.test(`the site, over ${protocol}`, t => testSite(t, setup, protocol, variant))
    }
  })
}
