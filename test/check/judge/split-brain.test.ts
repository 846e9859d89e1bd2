import t from 'tap'
import { splitBrainFindings } from '../../../src/check/judge/split-brain.ts'

t.test('says what each address of a host serves', async t => {
  const { what } = splitBrainFindings['document.split-brain']
  const first = { addresses: ['192.0.2.1', '192.0.2.2'], content: { a: 1 }, fault: undefined, status: 200 }
  const other = { ...first, addresses: ['2001:db8::1'], content: { a: 2 } }
  const missing = { ...first, addresses: ['192.0.2.3'], content: undefined, status: 404 }
  t.equal(what({ versions: [first, other] }), '192.0.2.1, 192.0.2.2 serves {"a":1}; 2001:db8::1 serves {"a":2}.')
  t.equal(what({ versions: [first, missing] }),
    '192.0.2.1, 192.0.2.2 serves the document; 192.0.2.3 serves no document (status 404).')
  t.match(what({ versions: [first, { ...missing, status: 200, fault: 'html' }] }), /192\.0\.2\.3 serves a web page\.$/)
  t.match(what({ versions: [first, { ...missing, status: 200, fault: 'trailing' }] }),
    /192\.0\.2\.3 serves something that isn't a JSON object \(trailing\)\.$/)
})
