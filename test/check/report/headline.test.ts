import t from 'tap'
import { renderHeadline } from '../../../src/check/report/headline.ts'
import type { ReaderVerdict, Verdict } from '../../../src/check/report/verdict.ts'

type Client = Pick<ReaderVerdict, 'outcome' | 'finding' | 'reason'>

function describeClients (clients: Verdict['clients'], web: Client, other: Client): string {
  const readers = { 'element-web': { name: 'Element Web', ...web }, 'element-x': { name: 'Element X', ...other } }
  return renderHeadline({ federation: 'unchecked', clients, readers, failures: 0, warnings: 1, notices: 0 })
}

t.test('an unknown outcome depends on a finding, or could not be checked', async t => {
  const works: Client = { outcome: 'works', finding: null, reason: null }
  const depends: Client = { outcome: 'unknown', finding: 'client.slow', reason: 'the homeserver is slow' }
  const unseen: Client = { outcome: 'unknown', finding: 'client.unreachable', reason: 'it is unreachable' }
  t.equal(
    describeClients('partly', depends, works),
    'Element Web can log in sometimes: the homeserver is slow. Element X can log in. 1 warning.'
  )
  t.equal(
    describeClients('partly', works, unseen),
    'Element Web can log in. Whether Element X can log in could not be checked from here. 1 warning.'
  )
  t.equal(describeClients('unknown', depends, depends), 'Login works sometimes: the homeserver is slow. 1 warning.')
  t.equal(describeClients('unknown', unseen, unseen), 'Login could not be checked from here. 1 warning.')
})

t.test('an outcome without a reason, and readers that differ', async t => {
  const synapse: ReaderVerdict =
    { name: 'Synapse', outcome: 'unknown', finding: 'discovery.dns', reason: 'DNS is slow' }
  const dendrite: ReaderVerdict = { name: 'Dendrite', outcome: 'fails', finding: null, reason: null }
  const counts = { failures: 1, warnings: 0, notices: 0 }
  t.equal(
    renderHeadline({ federation: 'partly', clients: 'unchecked', readers: { synapse, dendrite }, ...counts }),
    "Federation doesn't work. Synapse sometimes can't reach the homeserver: DNS is slow. " +
      "Dendrite can't reach the homeserver. 1 failure."
  )
  const asks: Client = { outcome: 'asks', finding: null, reason: null }
  t.equal(
    describeClients('asks', asks, asks),
    "Clients ask for the homeserver's address before users can log in. 1 warning."
  )
  t.equal(renderHeadline({ federation: 'unchecked', clients: 'works', readers: {}, ...counts }), '1 failure.')
})
