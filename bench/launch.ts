// How to start each server: configured for speed, one process, no access log, connections stay open.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { path } from './process.ts'
import type { Launch, Place } from './process.ts'

/** What all servers respond with. Header names are in lower case. */
export interface Response {
  readonly status: number
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly body: string
}

export const settings = { SERVER_NAME: 'example.com', M_SERVER: 'matrix.example.com:443', HOST: '127.0.0.1' }
/** Debian's, which has Debian's Twisted. */
export const python = '/usr/bin/python3'

export function launchSidecar (
  { port }: Place, node: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}
): Launch {
  return { command: node, args, environment: { ...settings, PORT: String(port), ...environment } }
}

export function launchBare ({ port }: Place, node: string, response: Response): Launch {
  return { command: node, args: [join(import.meta.dirname, 'bare-http.cjs'), JSON.stringify({ port, ...response })] }
}

export function launchNginx ({ directory, port }: Place, { body, headers }: Response): Launch {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const own = ['content-type', 'content-length']
  const file = write(directory, `
daemon off;
master_process off;
pid ${directory}/nginx.pid;
error_log stderr crit;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 1000000000;
  ${temporary.map(name => `${name}_temp_path ${directory}/${name};`).join('\n  ')}
  default_type ${new Map(headers).get('content-type')};
  server {
    listen 127.0.0.1:${port};
    location = ${path} {
      ${headers.map(([name, value]) => own.includes(name) ? '' : `add_header ${name} '${value}';`).join('\n      ')}
      return 200 '${body}';
    }
  }
}
`)
  return { command: 'nginx', args: ['-p', directory, '-e', 'stderr', '-c', file] }
}

export function launchCaddy ({ directory, port }: Place, { body, headers }: Response): Launch {
  const file = write(directory, `{
  admin off
  auto_https off
}
http://:${port} {
  bind 127.0.0.1
  header {
    ${headers.map(([name, value]) => name === 'content-length' ? '' : `${name} \`${value}\``).join('\n    ')}
  }
  respond ${path} \`${body}\` 200
}
`)
  const args = ['run', '--adapter', 'caddyfile', '--config', file]
  return { command: 'caddy', args, environment: { HOME: directory } }
}

export function launchTwisted ({ port }: Place, response: Response): Launch {
  const program = join(import.meta.dirname, 'twisted-server.py')
  return { command: python, args: [program, JSON.stringify({ port, ...response })] }
}

function write (directory: string, text: string): string {
  const file = join(directory, 'configuration')
  writeFileSync(file, text)
  return file
}
