import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Writes nginx.conf with this in its http block, and what surrounds it in Debian's as far as it matters here.
 *
 * @param user that the workers run as, if this is root.
 * @returns the arguments to start nginx with in the foreground.
 */
export function writeNginxConfig (directory: string, http: string, user = 'www-data'): string[] {
  const main = join(directory, 'nginx.conf')
  writeFileSync(main, `
    daemon off;
    ${process.getuid?.() === 0 ? `user ${user};` : ''}
    worker_processes 2;
    pid ${directory}/nginx.pid;
    error_log stderr notice;
    events {}
    http {
      include /etc/nginx/mime.types;
      default_type application/octet-stream;
      ${temporaryPaths.map(name => `${name}_temp_path ${directory}/${name};`).join(' ')}
      ${http}
    }`)
  return ['-e', 'stderr', '-p', directory, '-c', main]
}

const temporaryPaths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

/**
 * Writes a configuration of Apache httpd with these lines, and what surrounds them in Debian's apache2.conf.
 *
 * @param text its modules are loaded: those that it enables with a2enmod.
 * @returns the arguments to start Apache httpd with in the foreground.
 */
export function writeApacheConfig (directory: string, text: string, lines: readonly string[]): string[] {
  const main = join(directory, 'apache2.conf')
  writeFileSync(main, [
    `DefaultRuntimeDir ${directory}`,
    `PidFile ${directory}/apache2.pid`,
    'ServerName localhost',
    'User www-data',
    'Group www-data',
    // Not /dev/stderr: Apache can't open the sockets that Node creates.
    'ErrorLog |/bin/cat',
    'LogLevel notice',
    ...loadModules(text),
    'Include /etc/apache2/mods-available/mime.conf',
    'Include /etc/apache2/mods-available/deflate.conf',
    '<Directory />',
    'Require all denied',
    '</Directory>',
    ...lines
  ].join('\n'))
  return ['-D', 'FOREGROUND', '-d', directory, '-f', main]
}

/** The modules that Debian enables, those that a text enables with a2enmod, and their dependencies. */
function loadModules (text: string): string[] {
  const available = '/etc/apache2/mods-available'
  const names = new Set<string>()
  function add (name: string): void {
    if (names.has(name)) return
    const [, dependencies = ''] = /^# Depends: (.*)$/m.exec(readFileSync(join(available, `${name}.load`), 'utf8')) ?? []
    for (const dependency of dependencies.split(' ').filter(Boolean)) add(dependency)
    names.add(name)
  }
  for (const file of readdirSync('/etc/apache2/mods-enabled')) {
    if (file.endsWith('.load')) add(file.slice(0, -'.load'.length))
  }
  for (const [, enabled = ''] of text.matchAll(/a2enmod ([a-z0-9_ ]+)/g)) {
    for (const name of enabled.trim().split(' ')) add(name)
  }
  return [...names].map(name => `Include ${join(available, name)}.load`)
}

/** What is at the start of Debian's haproxy.cfg, as far as it matters here. */
export const haproxyDefaults = `
global
    log stderr format raw local0 notice
    ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets
defaults
    log global
    mode http
    timeout connect 5000
    timeout client 50000
    timeout server 50000
`
