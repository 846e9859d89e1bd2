import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The content of a certificate. */
export interface CertificateRequest {
  /** Alternative names in openssl's syntax: `DNS:example.com`, `IP:127.0.0.2`. The first is also the common name. */
  readonly names: readonly string[]
  /** By default a month ago, or 90 days before `validTo` if that is earlier. */
  readonly validFrom?: Date
  /** By default in 60 days, or 90 days after `validFrom` if that is later. */
  readonly validTo?: Date
  /** Who signs: the root (default), an intermediate signed by it, or the certificate itself. */
  readonly by?: 'root' | 'intermediate' | 'itself'
}

/** A certificate and its key, in PEM. */
export interface Certificate {
  readonly key: string
  /** What a server should send: the certificate, and the intermediate if that signed it. */
  readonly certificate: string
  /** Only the certificate. */
  readonly withoutIntermediate: string
}

export interface Authority {
  /** The root's certificate in PEM, and the file that contains it. */
  readonly certificate: string
  readonly file: string
  /** The same request gets the same certificate. All certificates share one key, because making it takes longest. */
  issue (request: CertificateRequest): Certificate
}

const day = 24 * 60 * 60 * 1000

/** The names of their keys. */
const signers = { root: 'ca', intermediate: 'intermediate', itself: 'server' } as const

/** One authority for all tests of a process, made on first use. */
let shared: Authority | undefined
export function sharedAuthority (): Authority {
  if (shared === undefined) {
    const directory = mkdtempSync(join(tmpdir(), 'matrix-well-known-'))
    process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
    shared = makeAuthority(directory)
  }
  return shared
}

/**
 * Makes a certificate authority that keeps its files in this directory, including ca.pem and ca.key. It uses the
 * openssl command, because Node can't make certificates, and its `ca`, because `req` and `x509` can't backdate a
 * certificate before OpenSSL 3.4.
 */
export function makeAuthority (directory: string): Authority {
  const path = (name: string): string => join(directory, name)
  const config = path('openssl.cnf')
  writeFileSync(path('index.txt'), '')
  writeFileSync(config, `
[req]
distinguished_name = subject
[subject]
[ca]
default_ca = authority
[authority]
database = ${path('index.txt')}
new_certs_dir = ${directory}
unique_subject = no
rand_serial = yes
default_md = sha256
policy = policy
[policy]
commonName = supplied
`)
  const openssl = (command: string, ...args: readonly string[]): string =>
    execFileSync('openssl', [command, '-config', config, '-batch', ...args], { encoding: 'utf8', stdio: 'pipe' })

  /** Makes a key and a certificate request signed with it. */
  function makeKey (name: string): string {
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' })
    writeFileSync(path(`${name}.key`), key)
    openssl('req', '-new', '-key', path(`${name}.key`), '-subj', `/CN=${name}`, '-out', path(`${name}.csr`))
    return key.toString()
  }

  /** Signs the request of one name with the key of another, and returns the certificate. */
  function sign (
    name: string, by: string, commonName: string, extensions: readonly string[], from: number, to: number
  ): string {
    const identifiers = ['subjectKeyIdentifier = hash', 'authorityKeyIdentifier = keyid']
    writeFileSync(path('extensions.cnf'), [...identifiers, ...extensions].join('\n'))
    return openssl('ca', '-notext', '-in', path(`${name}.csr`), '-keyfile', path(`${by}.key`),
      ...(by === name ? ['-selfsign'] : ['-cert', path(`${by}.pem`)]),
      '-subj', `/CN=${commonName}`, '-extfile', path('extensions.cnf'),
      '-startdate', inAsn1(from), '-enddate', inAsn1(to))
  }

  function makeSigner (name: string, by: string, commonName: string): string {
    makeKey(name)
    const extensions = ['basicConstraints = critical,CA:TRUE', 'keyUsage = critical,keyCertSign,cRLSign']
    const certificate = sign(name, by, commonName, extensions, Date.now() - 3650 * day, Date.now() + 3650 * day)
    writeFileSync(path(`${name}.pem`), certificate)
    return certificate
  }

  const root = makeSigner('ca', 'ca', 'Test CA')
  const key = makeKey('server')
  let intermediate: string | undefined
  const issued = new Map<string, Certificate>()
  return {
    certificate: root,
    file: path('ca.pem'),
    issue (request) {
      const found = issued.get(JSON.stringify(request))
      if (found !== undefined) return found
      const { names, validFrom, validTo, by = 'root' } = request
      const from = validFrom?.getTime() ?? Math.min(Date.now() - 30 * day, (validTo?.getTime() ?? Infinity) - 90 * day)
      const to = validTo?.getTime() ?? Math.max(Date.now() + 60 * day, from + 90 * day)
      if (by === 'intermediate') intermediate ??= makeSigner('intermediate', 'ca', 'Test Intermediate')
      // A common name has at most 64 characters (RFC 5280, ub-common-name).
      const commonName = names[0]?.replace(/^\w+:/, '').slice(0, 64) ?? 'no name'
      const withoutIntermediate = sign('server', signers[by], commonName, [
        'basicConstraints = critical,CA:FALSE', 'keyUsage = critical,digitalSignature', 'extendedKeyUsage = serverAuth',
        ...names.length > 0 ? [`subjectAltName = ${names.join(',')}`] : []
      ], from, to)
      const certificate = by === 'intermediate' ? withoutIntermediate + intermediate : withoutIntermediate
      const result = { key, certificate, withoutIntermediate }
      issued.set(JSON.stringify(request), result)
      return result
    }
  }
}

/** Such as 20260721120000Z. */
function inAsn1 (time: number): string {
  return new Date(time).toISOString().replace(/\.\d+|[-:T]/g, '')
}
