/** The certificates in the text of a PEM file. */
export function splitCertificates (pem: string): string[] {
  return [...pem.matchAll(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g)].map(([found]) => found)
}
