import t from 'tap'
import { parseEmailAddress, parseRole } from '../../src/matrix/contact.ts'
import { invalid } from '../support/invalid.ts'

const notARole = 'not a role such as m.role.admin, m.role.security or com.example.role'

t.test('accepts the roles of the specification and namespaced ones', async t => {
  for (const role of ['m.role.admin', 'm.role.security', 'support.feline.msc4121.role.moderator', 'com.example.on-call']) {
    t.equal(parseRole(role), role)
  }
})

t.test('refuses a bare word, and knows what was meant', async t => {
  t.strictSame(invalid(() => parseRole('Admin')), ['ERR_ROLE', notARole, 'm.role.admin'])
  t.strictSame(invalid(() => parseRole('security')), ['ERR_ROLE', notARole, 'm.role.security'])
  for (const role of ['', 'owner', 'm.', '.role', 'M.Role.Admin', `com.${'a'.repeat(252)}`]) {
    t.strictSame(invalid(() => parseRole(role)), ['ERR_ROLE', notARole], role)
  }
})

t.test('tells an email address from what is none', async t => {
  for (const address of ['admin@example.com', 'a.b+c@localhost', '"x"@xn--mnchen-3ya.example']) t.equal(parseEmailAddress(address), address)
  for (const address of ['', 'admin', '@example.com', 'admin@', 'a b@example.com', 'a@b@c', 'mailto:admin@example.com', '<admin@example.com>', 'a@b..c']) {
    t.strictSame(invalid(() => parseEmailAddress(address)), ['ERR_EMAIL', 'not an email address such as admin@example.com'], address)
  }
})
