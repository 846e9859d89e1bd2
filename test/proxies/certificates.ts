import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeAuthority } from '../support/certificates.ts'

/**
 * Makes a certificate authority (ca.pem, ca.key) and certificates for the names in the examples, in certbot's layout.
 *
 * @returns the authority's certificate.
 */
export function makeCertificates (directory: string): string {
  const authority = makeAuthority(directory)
  for (const names of [['example.com', 'www.example.com'], ['matrix.example.com']] as const) {
    const [name] = names
    const { certificate, key } = authority.issue({ names: names.map(name => `DNS:${name}`) })
    const live = join(directory, 'live', name)
    mkdirSync(live, { recursive: true })
    writeFileSync(join(live, 'privkey.pem'), key)
    writeFileSync(join(live, 'fullchain.pem'), certificate)
    // HAProxy expects both in one file.
    mkdirSync(join(directory, 'combined'), { recursive: true })
    writeFileSync(join(directory, 'combined', `${name}.pem`), certificate + key)
  }
  return authority.certificate
}
