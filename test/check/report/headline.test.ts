import t from 'tap'
import { renderHeadline } from '../../../src/check/report/headline.ts'
import type { ReaderVerdict, Verdict } from '../../../src/check/report/verdict.ts'

type Result = Pick<ReaderVerdict, 'outcome' | 'reason'>

const works: Result = { outcome: 'works', reason: null }
const fails: Result = { outcome: 'fails', reason: 'it is down' }
const asks: Result = { outcome: 'asks', reason: null }
const sometimes: Result = { outcome: 'sometimes', reason: 'the homeserver is slow' }
const unknown: Result = { outcome: 'unknown', reason: 'DNS is silent' }

function describe (
  verdict: Partial<Pick<Verdict, 'federation' | 'clients'>>,
  results: Readonly<Record<string, Result>>
): string {
  const readers = Object.fromEntries(Object.entries(results).map(([id, result]) =>
    [id, { name: id, finding: null, ...result }]))
  const counts = { failures: 0, warnings: 1, notices: 0 }
  const text = renderHeadline({ federation: 'unchecked', clients: 'unchecked', readers, ...counts, ...verdict })
  return text.replace(/ ?1 warning\.$/, '')
}

t.test('what works sometimes has a reason, and so has what could not be checked', async t => {
  const servers = (federation: Verdict['federation'], synapse: Result): string => describe({ federation }, { synapse })
  t.equal(servers('sometimes', sometimes), 'Federation works sometimes: the homeserver is slow.')
  t.equal(servers('unknown', unknown), 'Federation could not be checked: DNS is silent.')
  t.equal(servers('unknown', { ...unknown, reason: null }), 'Federation could not be checked.')
  const clients = (clients: Verdict['clients'], web: Result, other: Result): string =>
    describe({ clients }, { 'element-web': web, 'element-x': other })
  t.equal(clients('sometimes', sometimes, sometimes), 'Login works sometimes: the homeserver is slow.')
  t.equal(clients('unknown', unknown, unknown), 'Login could not be checked: DNS is silent.')
  t.equal(
    clients('partly', sometimes, works),
    'element-web can log in sometimes: the homeserver is slow. element-x can log in.'
  )
  t.equal(
    clients('partly', works, unknown),
    'element-web can log in. Whether element-x can log in could not be checked: DNS is silent.'
  )
})

t.test('what keeps federation and login from being checked is said once', async t => {
  const both = { federation: 'unknown', clients: 'unknown' } as const
  const clients = (result: Result): Record<string, Result> => ({ 'element-web': result, 'element-x': result })
  t.equal(
    describe(both, { synapse: unknown, ...clients(unknown) }),
    'Federation and login could not be checked: DNS is silent.'
  )
  t.equal(
    describe(both, { synapse: unknown, ...clients({ ...unknown, reason: 'there is no route' }) }),
    'Federation could not be checked: DNS is silent. Login could not be checked: there is no route.'
  )
})

t.test('servers that differ', async t => {
  const servers = (results: Readonly<Record<string, Result>>): string => describe({ federation: 'partly' }, results)
  t.equal(
    servers({ synapse: works, dendrite: sometimes, tuwunel: unknown }),
    "Federation works with synapse. dendrite sometimes can't reach the homeserver: the homeserver is slow. " +
      'Whether tuwunel can reach the homeserver could not be checked: DNS is silent.'
  )
  t.equal(
    servers({ synapse: sometimes, dendrite: { ...fails, reason: null }, tuwunel: sometimes }),
    'Federation works sometimes with synapse and tuwunel: the homeserver is slow. ' +
      "dendrite can't reach the homeserver."
  )
  t.equal(
    servers({ synapse: fails, dendrite: unknown, tuwunel: fails }),
    "Federation doesn't work with synapse and tuwunel: it is down. " +
      'Whether dendrite can reach the homeserver could not be checked: DNS is silent.'
  )
})

t.test('clients besides the most common ones', async t => {
  const others = (results: Readonly<Record<string, Result>>): string =>
    describe({ clients: 'works' }, { 'element-web': works, 'element-x': works, ...results })
  t.equal(
    others({ 'mautrix-go': sometimes, 'mautrix-python': fails, nio: fails }),
    "Clients can log in. mautrix-go can sometimes: the homeserver is slow. mautrix-python and nio can't: it is down."
  )
  t.equal(
    others({ 'mautrix-go': unknown, nio: asks }),
    'Clients can log in. Whether mautrix-go can could not be checked: DNS is silent. ' +
      "nio asks for the homeserver's address."
  )
  t.equal(
    others({ 'mautrix-go': asks, nio: asks }),
    "Clients can log in. mautrix-go and nio ask for the homeserver's address."
  )
  t.equal(
    describe({ clients: 'asks' }, { 'element-web': asks, 'element-x': asks }),
    "Clients ask for the homeserver's address before users can log in."
  )
  t.equal(describe({ clients: 'works' }, {}), '')
})
