import t from 'tap'
import { readAsElementWeb } from '../../../src/check/readers/element-web.ts'
import { readAsElementX } from '../../../src/check/readers/element-x.ts'
import { readAsMautrixGo, readAsMautrixPython } from '../../../src/check/readers/mautrix.ts'
import { readAsNio } from '../../../src/check/readers/nio.ts'
import { dendriteDocumentRules } from '../../../src/check/readers/dendrite.ts'
import { readServerDocument } from '../../../src/check/readers/server-document.ts'
import { specificationDocumentRules } from '../../../src/check/readers/specification.ts'
import { synapseDocumentRules } from '../../../src/check/readers/synapse.ts'
import { tuwunelDocumentRules } from '../../../src/check/readers/tuwunel.ts'

const clients = [readAsElementWeb, readAsElementX, readAsMautrixGo, readAsMautrixPython, readAsNio]
const homeserver = '"m.homeserver":{"base_url":"https://matrix.example.com"}'
const tiles = '{"map_style_url":"https://t.example.com/s.json"}'

/**
 * What the software was observed to do, as far as it was: w works, a asks, f fails; Element Web, Element X,
 * mautrix-go, mautrix-python, nio.
 */
const clientCases: [body: string | Buffer, outcomes: string, status?: number][] = [
  [`{${homeserver}}`, 'wwwww'],
  ['<!DOCTYPE html><html><body>Hello</body></html>', 'afaaf', 404],
  ['{}', 'fffff', 410],
  ['{}', 'fffff', 401],
  ['{}', 'fffff', 503],
  [`{${homeserver}}`, 'fwwfw', 201],
  [`{${homeserver}}`, 'fwwfw', 206],
  ['', 'fffff', 304],
  [' \n', 'fffff'],
  ['hello', 'fffff'],
  [`// x\n{${homeserver}}`, 'fffff'],
  [`\n{${homeserver}}\n\n`, 'wwwww'],
  ['[]', 'fffff'],
  ['null', 'fffff'],
  ['1', 'fffff'],
  [Buffer.from(`\ufeff{${homeserver}}`, 'utf16le'), 'fffff'],
  [Buffer.from(`\ufeff{${homeserver}}`), 'wffff'],
  [Buffer.from(`{${homeserver},"com.example.x":"\u00e9"}`, 'latin1'), 'wwwff'],
  [Buffer.from(`{${homeserver},"com.example.\u00e9":1}`, 'latin1'), 'wfwff'],
  [Buffer.from(`{${homeserver},"m.tile_server":{"map_style_url":"\u00e9"}}`, 'latin1'), 'wfwff'],
  ["{'m.homeserver':{'base_url':'https://matrix.example.com'}}", 'fffff'],
  [`{${homeserver},${homeserver}}`, 'wfwww'],
  [`{${homeserver},"com.example.x":1,"com.example.x":2}`, 'wwwww'],
  [`{${homeserver},"com.example.\\ud800":1}`, 'wfwww'],
  [`{${homeserver},"com.example.x":1e999}`, 'wwwww'],
  ['{"com.example.x":1}', 'fffff'],
  ['{"m.homeserver":"https://matrix.example.com"}', 'fffff'],
  ['{"m.homeserver":{}}', 'fffff'],
  ['{"m.homeserver":{"base_url":""}}', 'fffff'],
  ['{"m.homeserver":{"base_url":5}}', 'fffff'],
  ['{"m.homeserver":{"base_url":["https://matrix.example.com"]}}', 'wffff'],
  ['{"m.homeserver":{"base_url":"ftp://matrix.example.com"}}', 'fffff'],
  ['{"m.homeserver":{"base_url":"https:/matrix.example.com"}}', 'wwff'],
  ['{"m.homeserver":{"base_url":"matrix.example.com:8448"}}', 'fff'],
  ['{"m.homeserver":["https://matrix.example.com"]}', 'fw'],
  ['{"m.homeserver":{"base_url":"matrix.example.com"}}', 'ffwff'],
  ['{"m.homeserver":{"base_url":"//matrix.example.com"}}', 'ffwff'],
  ['{"m.homeserver":{"base_url":"ftp://matrix.example.com"}}', 'f'],
  ['{"m.homeserver":{"base_url":"HTTPS://matrix.example.com"}}', 'wwwwf'],
  ['{"m.homeserver":{"base_url":"https://matrix.example.com/?x=1"}}', 'wwwww'],
  ['{"m.homeserver":{"base_url":"https://user@matrix.example.com"}}', 'wwwww'],
  ['{"m.homeserver":{"base_url":"https://m\u00fcnchen.example.com"}}', 'wwwww'],
  [`{${homeserver},"m.identity_server":null}`, 'fwwwf'],
  [`{${homeserver},"m.identity_server":false}`, 'wffwf'],
  [`{${homeserver},"m.identity_server":{}}`, 'wfwwf'],
  [`{${homeserver},"m.identity_server":{"base_url":""}}`, 'wwwwf'],
  [`{${homeserver},"m.identity_server":{"base_url":"matrix.example.com"}}`, 'wwwwf'],
  [`{${homeserver},"org.matrix.msc4143.rtc_foci":null}`, 'wfwww'],
  [`{${homeserver},"org.matrix.msc4143.rtc_foci":[{"livekit_service_url":"https://rtc.example.com"}]}`, 'wfwww'],
  [`{${homeserver},"org.matrix.msc4143.rtc_foci":[{"type":"livekit","livekit_service_url":"rtc"}]}`, 'wwwww'],
  [`{${homeserver},"org.matrix.msc4143.rtc_foci":[{"type":"livekit"},{"type":"x"}]}`, 'wfwww'],
  [`{${homeserver},"org.matrix.msc4143.rtc_foci":[{"type":"x"},{"type":"y"}]}`, 'wwwww'],
  [`{${homeserver},"m.rtc_foci":{}}`, 'wfwww'],
  [`{${homeserver},"m.tile_server":null}`, 'wwwww'],
  [`{${homeserver},"m.tile_server":${tiles},"org.matrix.msc3488.tile_server":${tiles}}`, 'wfwww'],
  ['{"m.homeserver":{"base_url":"https://matrix.example.com","base_url":"https://b.example.com"}}', 'wfwww'],
  ['{"m.homeserver":{"x":1,"x":2,"base_url":"https://matrix.example.com"}}', 'wwwww'],
  ['{"m.homeserver":{"x":{"base_url":1,"base_url":2},"base_url":"https://matrix.example.com"}}', 'wwwww'],
  [`{${homeserver},"m.tile_server":{"map_style_url":"a","map_style_url":"b"}}`, 'wfwww'],
  [`{${homeserver},"toString":{"base_url":1,"base_url":2}}`, 'wwwww'],
  [`{${homeserver},"foo":1,"Not A Key":2}`, 'wwwww']
]

t.test('each client reads /client as the software was observed to', async t => {
  for (const [body, outcomes, status = 200] of clientCases) {
    const response = { status, headers: [], body: Buffer.from(body), truncated: false }
    const letters = { homeserver: 'w', asks: 'a', fails: 'f' }
    const read = clients.slice(0, outcomes.length).map(read => letters[read(response).kind])
    t.equal(read.join(''), outcomes, `${status} ${String(body)}`)
  }
})

const servers = [synapseDocumentRules, dendriteDocumentRules, tuwunelDocumentRules, specificationDocumentRules]
const padding = (size: number): string => {
  const start = '{"m.server":"matrix.example.com:443","x":"'
  return `${start}${'x'.repeat(size - start.length - 2)}"}`
}

/** d delegated, i ignored, x invalid: Synapse, gomatrixserverlib, tuwunel, the specification. */
const serverCases: [body: string | Buffer, outcomes: string, status?: number][] = [
  ['{"m.server":"matrix.example.com:443"}', 'dddd'],
  ['{"m.server":"matrix.example.com:443"}', 'iidi', 201],
  ['', 'iiii', 204],
  ['{}', 'iiii', 403],
  ['{}', 'iiii', 500],
  ['{"m.server":"matrix.example.com"}', 'dddd'],
  ['{"m.server":"[2001:db8::1]:8448"}', 'dddd'],
  ['{"m.server":"192.0.2.3"}', 'dddd'],
  ['{"m.server":"matrix.example.com:00443"}', 'dddd'],
  ['<!DOCTYPE html><html></html>', 'iiii'],
  ['null', 'iiii'],
  ['\ufeff{"m.server":"matrix.example.com:443"}', 'iidi'],
  ['{"m.server":"matrix.example.com:443"}x', 'iiii'],
  [Buffer.from('{"m.server":"matrix.example.com:443","x":"\u00e9"}', 'latin1'), 'iddi'],
  ['{"m.server":"wrong.invalid:443","m.server":"matrix.example.com:443"}', 'dddd'],
  ['{"m.server":"matrix.example.com:443","x":NaN}', 'iiii'],
  ['{"m.server":443}', 'iiii'],
  ['{"m.server":{"host":"matrix.example.com"}}', 'iiii'],
  ['{"m.server":"https://matrix.example.com"}', 'xxii'],
  ['{"m.server":"matrix.example.com:443/"}', 'xxii'],
  ['{"m.server":"matrix.example.com:443 "}', 'xxii'],
  ['{"m.server":"matrix.example.com:443\\n"}', 'xxii'],
  ['{"m.server":"matrix.example.com:0"}', 'dxii'],
  ['{"m.server":"matrix.example.com:+443"}', 'xxii'],
  ['{"m.server":"matrix.example.com:65979"}', 'xxii'],
  ['{"m.server":"matrix.example.com:"}', 'xxii'],
  ['{"m.server":"matrix.example.com.:443"}', 'xdii'],
  ['{"m.server":"matrix.example.com."}', 'xdii'],
  ['{"m.server":"a_b.matrix.example.com:443"}', 'xxii'],
  ['{"m.server":"m\u00fcnchen.matrix.example.com:443"}', 'ixii'],
  ['{"m.server":"::1"}', 'xxii'],
  [`{"m.server":"matrix.example.com:443","x":${'['.repeat(126)}${']'.repeat(126)}}`, 'dddd'],
  [`{"m.server":"matrix.example.com:443","x":${'['.repeat(127)}${']'.repeat(127)}}`, 'ddid'],
  ['{"m.server":""}', 'iiii'],
  ['{"m.server":"-matrix.example.com:443"}', 'x'],
  ['{"m.server":"ab--cd.example.com"}', 'x'],
  ['{"m.server":"xn--mnchen-3ya.example.com"}', 'dddd'],
  [padding(12_287), 'dddd'],
  [padding(12_288), 'ddid'],
  [padding(51_199), 'ddid'],
  [padding(51_200), 'idid'],
  [padding(51_201), 'iiid']
]

t.test('each server reads /server as the software was observed to', async t => {
  for (const [body, outcomes, status = 200] of serverCases) {
    const response = { status, headers: [], body: Buffer.from(body), truncated: false }
    const letters = { delegated: 'd', ignored: 'i', invalid: 'x' }
    const read = servers.slice(0, outcomes.length)
      .map(rules => letters[readServerDocument(response, rules).kind])
    t.equal(read.join(''), outcomes, `${status} ${String(body).slice(0, 80)}`)
  }
})
