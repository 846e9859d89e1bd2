import type { Answer } from '../answer.ts'
import { write } from '../peer.ts'
import type { Launch, Place } from '../peer.ts'
import { path } from '../settings.ts'

// Each as one would write it down for speed: one worker, no access log, connections kept for as long as the client wants.

const root = process.getuid?.() === 0

export function launchNginx (place: Place, answer: Answer): Launch {
  const { directory, port } = place
  const main = write(place, 'nginx.conf', `
daemon off;
worker_processes 1;
${root ? 'user root;' : ''}
pid ${directory}/nginx.pid;
error_log stderr crit;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 1000000000;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${directory}/${name};`).join('\n  ')}
  default_type ${contentType(answer)};
  server {
    listen 127.0.0.1:${port};
    location = ${path} {
      ${otherHeaders(answer).map(([name, value]) => `add_header ${name} '${value}';`).join('\n      ')}
      return 200 '${answer.body}';
    }
  }
}
`)
  return { command: 'nginx', args: ['-p', directory, '-e', 'stderr', '-c', main] }
}

export function launchCaddy (place: Place, answer: Answer): Launch {
  const { directory, port } = place
  const main = write(place, 'Caddyfile', `{
  admin off
  auto_https off
}
http://:${port} {
  bind 127.0.0.1
  header {
    ${[['Content-Type', contentType(answer)], ...otherHeaders(answer)].map(([name, value]) => `${name} \`${value}\``).join('\n    ')}
  }
  respond ${path} \`${answer.body}\` 200
}
`)
  return { command: 'caddy', args: ['run', '--adapter', 'caddyfile', '--config', main], environment: { HOME: directory } }
}

export function launchHaproxy (place: Place, answer: Answer): Launch {
  const headers = otherHeaders(answer).map(([name, value]) => `hdr ${name} '${value}'`).join(' ')
  const main = write(place, 'haproxy.cfg', `
global
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend http
  bind 127.0.0.1:${place.port}
  http-request return status 200 content-type ${contentType(answer)} ${headers} string '${answer.body}' if { path ${path} }
`)
  return { command: 'haproxy', args: ['-db', '-f', main] }
}

/** It has no answer without a file, short of a redirect. */
export function launchApache (place: Place, answer: Answer): Launch {
  const { directory, port } = place
  write(place, `documents${path}`, answer.body)
  const modules = ['mpm_event', 'authz_core', 'headers']
  const main = write(place, 'apache2.conf', `
${modules.map(name => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
DefaultRuntimeDir ${directory}
PidFile ${directory}/apache2.pid
ServerName localhost
${root ? 'User www-data\nGroup www-data' : ''}
ErrorLog /dev/null
Listen 127.0.0.1:${port}
ServerLimit 1
StartServers 1
# Where fewer are idle than there are connections, it closes those that are kept.
ThreadLimit 256
ThreadsPerChild 256
MinSpareThreads 1
MaxSpareThreads 256
MaxRequestWorkers 256
MaxKeepAliveRequests 0
KeepAliveTimeout 60
DocumentRoot ${directory}/documents
<Directory ${directory}/documents>
  Require all granted
  ForceType ${contentType(answer)}
  Header unset Last-Modified
  Header unset Accept-Ranges
  ${otherHeaders(answer).map(([name, value]) => `Header set ${name} '${value}'`).join('\n  ')}
</Directory>
`)
  return { command: 'apache2', args: ['-D', 'FOREGROUND', '-d', directory, '-f', main] }
}

function contentType (answer: Answer): string {
  return pairs(answer).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
}

/** All but those that each of them works out itself. */
function otherHeaders (answer: Answer): Array<[string, string]> {
  return pairs(answer).filter(([name]) => !['content-type', 'content-length'].includes(name.toLowerCase()))
}

function pairs ({ headers }: Answer): Array<[string, string]> {
  return Array.from({ length: headers.length / 2 }, (_, i) => [headers[2 * i] ?? '', headers[2 * i + 1] ?? ''])
}
