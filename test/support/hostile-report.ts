import type { Report } from '../../src/check/report/report.ts'

/** What peers could send to those who read a report in a browser, a chat, a terminal or a monitoring system. */
export const hostileTexts = [
  '<script>window.attacked = 1</script>',
  '"><img src=https://evil.example/a onerror="window.attacked = 1">',
  "' onmouseover='window.attacked = 1",
  '</title></style></pre></details></svg><svg onload="window.attacked = 1">',
  '<svg><a xlink:href="javascript:window.attacked = 1"><text>x</text></a></svg>',
  '<base href="https://evil.example/"><link rel=stylesheet href=//evil.example/b>' +
    '<meta http-equiv=refresh content="0;url=https://evil.example/">',
  '![image](https://evil.example/c) [link](https://evil.example) <https://evil.example> **bold** _soft_ ~~x~~ `` ` ``',
  '@room @alice:evil.example #room:evil.example matrix:r/room:evil.example www.evil.example admin@evil.example',
  'a|b=1;2;3\nMATRIX OK - fine | x=1\r\n# heading\n- list\n> quote\n\n    code\n***\n$HOSTNAME$ `id` $(id)',
  'ok 1 - fine # SKIP\nnot ok\nBail out!',
  '\u202eevil\u2066\u0000\u001b]0;x\u0007\u001b[2J\u2028\u00a0\ud800\u{e0041}',
  '&lt;b&gt; &#60;script&#62; &amp;',
  '\u05d0\u05d1\u05d2 \u0645\u0631\u062d\u0628\u0627 Z\u0301\u0301\u0301\u0301\u0301\u0301',
  '` `` ``` ```` end with `',
  'x'.repeat(5_000)
] as const

/** A report in which every text that a peer can have sent is hostile: these in turn, beginning with one of them. */
export function makeHostile (report: Report, start = 0): Report {
  let next = start
  const take = (): string => String(hostileTexts[next++ % hostileTexts.length])
  const takeSome = (): string[] => hostileTexts.map(take)
  const attackAddress = <Address extends Report['hosts'][number]>(address: Address): Address => ({
    ...address,
    host: take(),
    address: take(),
    tls: address.tls === null ? null : { ...address.tls, subject: take(), issuer: take(), names: takeSome() }
  })
  const attackPath = (path: Report['paths']['clients']): Report['paths']['clients'] =>
    path?.map(hop => ({ ...hop, found: takeSome() })) ?? null
  const { federation, clients } = report
  return {
    ...report,
    serverName: take(),
    paths: { federation: attackPath(report.paths.federation), clients: attackPath(report.paths.clients) },
    federation: federation === null
      ? null
      : {
          steps: federation.steps.map(step => ({ ...step, what: take() })),
          endpoint: federation.endpoint === null
            ? null
            : { ...federation.endpoint, hostHeader: take(), tlsName: take() },
          addresses: federation.addresses.map(address => ({ ...attackAddress(address), software: take() }))
        },
    clients: clients === null
      ? null
      : {
          ...clients,
          baseUrl: take(),
          identityServer: take(),
          addresses: clients.addresses.map(address => ({ ...attackAddress(address), versions: takeSome() }))
        },
    hosts: report.hosts.map(attackAddress),
    documents: report.documents.map(document => ({
      ...document, address: take(), urls: takeSome(), content: { [take()]: take() }
    })),
    findings: report.findings.flatMap(finding => hostileTexts.map(() => ({
      ...finding, subject: take(), what: `The value ${take()} is wrong.`, fix: `Use ${take()}`, about: { host: take() }
    }))),
    exchanges: report.exchanges.map(exchange => ({
      ...exchange,
      url: take(),
      address: take(),
      requestHeaders: [[take(), take()]],
      response: exchange.response === null
        ? null
        : {
            ...exchange.response,
            headers: hostileTexts.map(() => [take(), take()] as const),
            body: takeSome().join('\n')
          },
      failure: exchange.failure === null ? null : { ...exchange.failure, message: take() }
    }))
  }
}
