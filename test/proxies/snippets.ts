import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TargetName } from '../../src/export/targets.ts'
import { haproxyDefaults, writeApacheConfig, writeNginxConfig } from './debian.ts'

/** Where a test has its files, and the port to listen on. */
export interface SnippetPlace {
  readonly directory: string
  /** What `export` wrote. */
  readonly exported: string
  readonly port: number
}

/** A proxy with a site at https://example.com, and a snippet of `export` in its configuration. */
export interface SnippetHost {
  readonly target: TargetName
  readonly debianPackage: string
  readonly command: string
  /** What it writes once it is ready. */
  readonly ready: readonly RegExp[]
  /** Whether it sends an ETag, and 304 if a request has it. */
  readonly hasEntityTags: boolean
  /** Writes its configuration, and returns the arguments to start it with in the foreground. */
  readonly configure: (place: SnippetPlace) => string[]
}

const nginx: SnippetHost = {
  target: 'nginx',
  debianPackage: 'nginx',
  command: 'nginx',
  ready: [/start worker process /],
  hasEntityTags: false,
  configure: ({ directory, exported, port }) => writeNginxConfig(directory, `
      access_log off;
      gzip on;
      include ${exported}/*-dollar.conf;
      server {
        listen 127.0.0.1:${port} ssl http2;
        server_name example.com;
        ssl_certificate ${directory}/live/example.com/fullchain.pem;
        ssl_certificate_key ${directory}/live/example.com/privkey.pem;
        error_page 404 405 /error.html;
        include ${exported}/matrix-well-known.conf;
        location / { return 200 'site'; }
        # As in many sites: a rule against paths that start with a dot.
        location ~ /\\. { deny all; }
      }`)
}

const caddy: SnippetHost = {
  target: 'caddy',
  debianPackage: 'caddy',
  command: process.env.CADDY ?? 'caddy',
  ready: [/serving initial configuration/],
  hasEntityTags: true,
  configure: ({ directory, exported, port }) => {
    const main = join(directory, 'Caddyfile')
    writeFileSync(main, `{
      admin off
      auto_https off
      storage file_system ${directory}/caddy
      default_bind 127.0.0.1
    }
    https://example.com:${port} {
      tls ${directory}/live/example.com/fullchain.pem ${directory}/live/example.com/privkey.pem
      encode gzip
      import ${exported}/matrix-well-known.caddy
      handle {
        respond site
      }
    }
    `)
    return ['run', '--adapter', 'caddyfile', '--config', main]
  }
}

const apache: SnippetHost = {
  target: 'apache',
  debianPackage: 'apache2',
  command: 'apache2',
  ready: [/resuming normal operations/],
  hasEntityTags: false,
  configure: ({ directory, exported, port }) =>
    writeApacheConfig(directory, 'a2enmod ssl http2 rewrite headers', [
      // As in Debian's security.conf.
      'TraceEnable Off',
      `Listen 127.0.0.1:${port}`,
      `<VirtualHost *:${port}>`,
      'ServerName example.com',
      'Protocols h2 http/1.1',
      'SSLEngine On',
      `SSLCertificateFile ${directory}/live/example.com/fullchain.pem`,
      `SSLCertificateKeyFile ${directory}/live/example.com/privkey.pem`,
      `Include ${exported}/matrix-well-known.conf`,
      'RewriteRule ^ - [R=403,L]',
      '</VirtualHost>'
    ])
}

const haproxy: SnippetHost = {
  target: 'haproxy',
  debianPackage: 'haproxy',
  command: 'haproxy',
  ready: [/Loading success/],
  hasEntityTags: true,
  configure: ({ directory, exported, port }) => {
    const main = join(directory, 'haproxy.cfg')
    const snippet = readFileSync(`${exported}/matrix-well-known.cfg`, 'utf8')
    const [, rule = ''] = /^# {5}(use_backend .*)$/m.exec(snippet) ?? []
    writeFileSync(main, `${haproxyDefaults}
frontend https
    bind 127.0.0.1:${port} ssl crt ${directory}/combined/ alpn h2,http/1.1
    ${rule}
    default_backend site
backend site
    http-request return status 200 content-type text/html string site
${snippet}`)
    return ['-W', '-db', '-f', main]
  }
}

export const snippetHosts: readonly SnippetHost[] = [nginx, caddy, apache, haproxy]
