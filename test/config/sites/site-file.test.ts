import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { loadSiteFile } from '../../../src/config/sites/site-file.ts'
import type { SiteFile } from '../../../src/config/sites/site-file.ts'

function load (t: Test, text: string | Buffer): SiteFile {
  return loadSiteFile(join(t.testdir({ 'a.env': text }), 'a.env'))
}

t.test('a file has the settings of one site', async t => {
  const { config, faults, warnings } = load(t, 'SERVER_NAME=a.example\nHOST_ALIASES=b.example, C.example\n')
  t.match(config, { site: { serverName: 'a.example', hostAliases: ['b.example', 'C.example'] } })
  t.match(config?.documents, [{ name: 'server', body: '{"m.server":"a.example:443"}' }])
  t.strictSame([faults, warnings], [[], []])
})

t.test('a list may begin with an IPv6 address, and JSON in its place is one fault', async t => {
  const { config } = load(t, 'SERVER_NAME=a.example\nHOST_ALIASES=[2001:db8::1], b.example\n')
  t.match(config, { site: { hostAliases: ['[2001:db8::1]', 'b.example'] } })
  for (const list of ['["b.example","c.example"]', '{"a":1,"b":2}']) {
    t.equal(load(t, `SERVER_NAME=a.example\nHOST_ALIASES='${list}'\n`).faults.length, 1, list)
  }
})

t.test('it has the same faults and warnings as one site, all at once', async t => {
  const cases: [text: string | Buffer, faults: string[], ...warnings: string[]][] = [
    ['', [
      "SERVER_NAME isn't set; set it to the part after the colon in user IDs, for example SERVER_NAME=example.com"
    ]],
    ['SERVER_NAME=a..b\nM_SERVER=https://m.example.com\nSERVR_NAME=x', [
      'SERVER_NAME is "a..b": has an extra dot; use a.b',
      'M_SERVER is "https://m.example.com": starts with "https://"; use m.example.com:443'
    ], "SERVR_NAME isn't a setting and is ignored; did you mean SERVER_NAME?"],
    ['SERVER_NAME=*', ['SERVER_NAME is "*": contains "*"; use only letters, digits, "-" and "." in a host name']],
    ['SERVER_NAME=a.example\nHOST_ALIASES=*,b.example:80', [
      'HOST_ALIASES, entry 1, is "*": contains "*", but there are no wildcards; write each host in full',
      'HOST_ALIASES, entry 2, is "b.example:80": has the port ":80", but every port of a host gets the same ' +
        'documents; use b.example'
    ]],
    ['SERVER_NAME=a.example\nPORT=1\nTRUST_PROXY_FILE=x\nSITES_DIR=/x\nHOST=', [],
      ...['PORT is "1"', 'SITES_DIR is "/x"', 'TRUST_PROXY_FILE is "x"'].map(setting =>
        `${setting}: a setting of the process, ignored in the file of a site; set it in the environment`)],
    ['SERVER_NAME=a.example\n\nM_SERVER: b', [], 'line 3: has no "=" and is ignored; write M_SERVER=value'],
    ['SERVER_NAME=a.example\nM_SERVER=b.example', [],
      'M_SERVER is "b.example", without a port: other servers look for SRV records, then use port 8448; if yours is ' +
        'on port 443, use b.example:443'],
    [Buffer.from([0xff]), ['not text in UTF-8; save it as UTF-8']]
  ]
  for (const [text, expected, ...expectedWarnings] of cases) {
    const { config, faults, warnings } = load(t, text)
    t.strictSame(faults.map(({ message }) => message), expected, String(text))
    t.strictSame(warnings.map(({ message }) => message), expectedWarnings, String(text))
    t.equal(config === undefined, expected.length > 0)
  }
})

t.test("a file that can't be read is a fault", async t => {
  const folder = t.testdir({ 'big.env': 'x'.repeat(1_048_577), 'folder.env': {} })
  for (const [name, fault] of [['missing', 'no such file'], ['folder', 'not a regular file'],
    ['big', 'larger than 1048576 bytes']]) {
    const message = `${fault}; replace it, or remove it from the folder of sites`
    t.strictSame(loadSiteFile(join(folder, `${name}.env`)).faults, [{ variable: undefined, message }])
  }
})

t.test('a value can be in a file of its own, which is known', async t => {
  const folder = t.testdir({ server: 'm.example.com:443\n' })
  const file = join(folder, 'server')
  const path = join(folder, 'a.env')
  writeFileSync(path, `SERVER_NAME=a.example\nM_SERVER_FILE=${file}\nPORT_FILE=${folder}\n`)
  const { config, valueFiles } = loadSiteFile(path)
  t.equal(config?.site.delegatedServer, 'm.example.com:443')
  t.strictSame(valueFiles, [file])
})
