import t from 'tap'
import { renderJson } from '../../../src/check/report/json.ts'
import { wellKnown } from '../../support/responses.ts'
import { checkWorld } from '../../support/check-world.ts'
import { startHealthyWorld } from '../../support/healthy-world.ts'

t.test('JSON keeps all text from a peer, and none of it controls a terminal', async t => {
  const evil = '\u001b[2J\u007f\u009b31m\u202e\u2028\u{e0001}é😀'
  const report = await checkWorld(
    await startHealthyWorld(t, {
      site: {
        'GET /.well-known/matrix/support': wellKnown({ support_page: 'https://example.com', 'com.example': evil })
      }
    })
  )
  const json = renderJson(report)
  t.notMatch(json, /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u)
  t.match(json, 'é😀')
  t.strictSame(JSON.parse(json), JSON.parse(JSON.stringify(report)))
  t.match(JSON.parse(json), { documents: [{}, {}, { content: { 'com.example': evil } }] })
})
