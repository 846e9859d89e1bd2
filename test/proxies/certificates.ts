import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Makes a certificate authority (ca.pem, ca.key) and certificates for the names of the examples, laid out as certbot
 * does. With the openssl command: Node can't make certificates, and Debian has it wherever it has CA certificates.
 *
 * @returns the authority's certificate.
 */
export function makeCertificates (directory: string): string {
  const ca = join(directory, 'ca.pem')
  const caKey = join(directory, 'ca.key')
  makeCertificate(caKey, ca, ['-subj', '/CN=Test CA'])
  for (const [name, names] of [['example.com', 'DNS:example.com,DNS:www.example.com'], ['matrix.example.com', 'DNS:matrix.example.com']] as const) {
    const live = join(directory, 'live', name)
    mkdirSync(live, { recursive: true })
    const key = join(live, 'privkey.pem')
    const chain = join(live, 'fullchain.pem')
    makeCertificate(key, chain, [
      '-subj', `/CN=${name}`, '-CA', ca, '-CAkey', caKey,
      '-addext', `subjectAltName=${names}`, '-addext', 'basicConstraints=critical,CA:FALSE'
    ])
    // HAProxy wants both in one file.
    mkdirSync(join(directory, 'combined'), { recursive: true })
    writeFileSync(join(directory, 'combined', `${name}.pem`), readFileSync(chain, 'utf8') + readFileSync(key, 'utf8'))
  }
  return readFileSync(ca, 'utf8')
}

function makeCertificate (key: string, certificate: string, args: readonly string[]): void {
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
    '-keyout', key, '-out', certificate, ...args
  ], { stdio: 'pipe' })
}
