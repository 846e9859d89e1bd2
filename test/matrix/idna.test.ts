import t from 'tap'
import { findInvalidLabel, hasInvalidPunycode } from '../../src/matrix/idna.ts'

t.test('finds what IDNA2008 does not allow in a host name', t => {
  const cases: [host: string, fault: string][] = [
    ['ab--cd.example.com', '"ab--cd", which has "--" as third and fourth characters'],
    ['example.r3---sn', '"r3---sn", which has "--" as third and fourth characters'],
    ['-a.example.com', '"-a", which starts with "-"'],
    ['a-.example.com', '"a-", which ends in "-"'],
    ['-', '"-", which starts with "-"'],
    ['xn--example-.com', '"xn--example-", which ends in "-"'],
    ['XN--LS8H.la', '"xn--ls8h", which encodes "💩", which isn\'t a letter or digit'],
    ['a.xn--n3h', '"xn--n3h", which encodes "☃", which isn\'t a letter or digit'],
    ['xn--i-7iq.ws', '"xn--i-7iq", which encodes "❤", which isn\'t a letter or digit'],
    ['xn--ksa.com', '"xn--ksa", which encodes "\u0300", which isn\'t a letter or digit'],
    ['xn--a.b--c', '"xn--a", which encodes "\\u{80}", which isn\'t a letter or digit'],
    ['xn--zz', '"xn--zz", which isn\'t Punycode'],
    ['xn--99999999', '"xn--99999999", which isn\'t Punycode'],
    ['xn--9999z', '"xn--9999z", which isn\'t Punycode']
  ]
  for (const [host, fault] of cases) t.equal(findInvalidLabel(host), fault, host)
  t.end()
})

t.test('accepts host names in every script', t => {
  const hosts = [
    'example.com', 'Example.COM', 'a-b.c--d--e', '1.2', 'xn--mnchen-3ya.example', 'XN--STRAE-OQA.DE', 'xn--r8jz45g.jp',
    'xn--11b4c3d.com', 'xn--fiqs8s', 'xn--e1afmkfd.xn--p1ai', 'xn--mgberp4a5d4ar', 'xn--11b2ezcw70k.example',
    'xn--ihqwctvzc91f659drss3x8bo0yb', 'xn--29d'
  ]
  for (const host of hosts) t.equal(findInvalidLabel(host), undefined, host)
  t.end()
})

t.test('tells invalid Punycode from valid', async t => {
  for (const host of ['xn--', 'xn--a', 'xn--99999999.example']) t.equal(hasInvalidPunycode(host), true, host)
  for (const host of ['example.com', 'xn--mnchen-3ya.example']) t.equal(hasInvalidPunycode(host), false, host)
})
