import { writeNginxConfig } from './debian.ts'
import { copyExample, write } from './proxies.ts'
import type { Proxy, Swap } from './proxies.ts'

/**
 * nginx as SWAG configures it, with the files of the example in its folder proxy-confs.
 *
 * @see https://github.com/linuxserver/docker-swag/tree/master/root/defaults/nginx
 */
export const swag: Proxy = {
  name: 'SWAG',
  debianPackage: 'nginx',
  command: 'nginx',
  ready: [/start worker process /],
  challenge: { body: undefined, redirected: false },
  configure: place => {
    const { directory, ports } = place
    const upstream = (name: string, port: number, actual: number): Swap[] => [
      [`set $upstream_app ${name};`, 'set $upstream_app 127.0.0.1;'],
      [`set $upstream_port ${port};`, `set $upstream_port ${actual};`]
    ]
    const includes = ['proxy.conf', 'resolver.conf']
      .map((file): Swap => [`/config/nginx/${file}`, `${directory}/${file}`])
    write(place, 'proxy.conf', [
      'proxy_next_upstream error timeout invalid_header http_500 http_502 http_503;',
      'proxy_http_version 1.1;',
      'proxy_redirect http:// $scheme://;',
      'proxy_cache_bypass $cookie_session;',
      'proxy_no_cache $cookie_session;',
      'proxy_set_header Connection $connection_upgrade;',
      'proxy_set_header Upgrade $http_upgrade;',
      'proxy_set_header Host $host;',
      'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
      'proxy_set_header X-Forwarded-Proto $scheme;',
      'proxy_set_header X-Forwarded-Host $host:$server_port;'
    ].join('\n'))
    // Docker's, which isn't asked here, because the containers of the example are on this machine.
    write(place, 'resolver.conf', 'resolver 127.0.0.11 valid=30s;')
    const certificate = (name: string): string => [['certificate', 'fullchain'], ['certificate_key', 'privkey']]
      .map(([directive, file]) => `ssl_${directive} ${directory}/live/${name}/${file}.pem;`).join(' ')
    write(place, 'ssl.conf', certificate('matrix.example.com'))
    const subfolder = copyExample(place, 'swag/matrix-well-known.subfolder.conf', [
      ...includes, ...upstream('matrix-well-known', 8080, ports.sidecar1)
    ])
    const subdomain = copyExample(place, 'swag/matrix.subdomain.conf', [
      // 127.0.0.2 stands for IPv6, which not every machine has.
      ['listen 443 ', `listen 127.0.0.1:${ports.https} `],
      ['listen [::]:443 ', `listen 127.0.0.2:${ports.https} `],
      ['/config/nginx/ssl.conf', `${directory}/ssl.conf`],
      ...includes, ...upstream('synapse', 8008, ports.homeserver)
    ])
    return writeNginxConfig(place.directory, `
      gzip_vary on;
      map $http_upgrade $connection_upgrade { default upgrade; '' close; }
      error_page 502 /502.html;
      server {
        listen 127.0.0.1:${ports.http} default_server;
        location / { return 301 https://$host$request_uri; }
      }
      server {
        listen 127.0.0.1:${ports.https} ssl http2 default_server;
        server_name _;
        ${certificate('example.com')}
        include ${subfolder};
        location / { proxy_pass http://127.0.0.1:${ports.site}; }
        location ~ /\\.ht { deny all; }
      }
      include ${subdomain};`)
  }
}
