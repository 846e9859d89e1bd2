import t from 'tap'
import { parseEmailAddress, parseKeyUri, parseRole } from '../../src/matrix/contact.ts'
import { invalid } from '../support/invalid.ts'

t.test('accepts the roles of the specification, and namespaced ones', async t => {
  const namespaced = ['support.feline.msc4121.role.moderator', 'com.example.on-call']
  for (const role of ['m.role.admin', 'm.role.security', ...namespaced]) t.equal(parseRole(role), role)
})

t.test('rejects a bare word, and suggests the role that was probably meant', async t => {
  t.strictSame(invalid(() => parseRole('Admin')), ['ERR_ROLE', 'not a role; use m.role.admin'])
  t.strictSame(invalid(() => parseRole('security')), ['ERR_ROLE', 'not a role; use m.role.security'])
  const explanation = 'not a role; use m.role.admin, m.role.security or one such as com.example.role'
  for (const role of ['', 'owner', 'm.', '.role', 'M.Role.Admin', `com.${'a'.repeat(252)}`]) {
    t.strictSame(invalid(() => parseRole(role)), ['ERR_ROLE', explanation], role)
  }
})

t.test('distinguishes an email address from other text', async t => {
  const addresses = [
    'admin@example.com', 'a.b+c@localhost',
    '"x"@xn--mnchen-3ya.example', '"a b"@example.com', '"a@b\\""@c.example'
  ]
  for (const address of addresses) t.equal(parseEmailAddress(address), address)
  const others = [
    '', 'admin', '@example.com', 'admin@', 'a b@example.com', 'a@b@c', 'a@b..c',
    '<admin@example.com>', 'mailto:', 'mailto:a b@example.com',
    '"a"b@example.com', '"a@example.com', '""@example.com', '"a\n"@example.com'
  ]
  for (const address of others) {
    t.strictSame(invalid(() => parseEmailAddress(address)),
      ['ERR_EMAIL', 'not an email address; write one such as admin@example.com'], address)
  }
  t.strictSame(invalid(() => parseEmailAddress('MAILTO:a@example.com')),
    ['ERR_EMAIL', 'not an email address; use a@example.com'])
})

t.test('a PGP key is given by a URI of one of three kinds', async t => {
  const uris = [
    'https://example.com/key.asc', 'openpgp4fpr:73F6F4A1A2D9F1E5B3C4D5E6F708192A3B4C5D6E', 'OPENPGP4FPR:73f6',
    'dns:5d2d37ab76d47d36._openpgpkey.example.com?type=OPENPGPKEY'
  ]
  for (const uri of uris) t.equal(parseKeyUri(uri), uri)
  const others = [
    '', 'x', '-----BEGIN PGP PUBLIC KEY BLOCK-----', 'http://example.com/key.asc', 'https://', 'https://[',
    'openpgp4fpr:', 'openpgp4fpr:xyz', 'dns:', 'dns: x'
  ]
  for (const uri of others) {
    t.strictSame(invalid(() => parseKeyUri(uri)),
      ['ERR_KEY', 'not the URI of a key; use one that starts with https:, openpgp4fpr: or dns:'], uri)
  }
})
