/** Of every page: light and dark, down to 320 pixels, and on paper. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --paper: #fff; --ink: #1c2126; --soft: #59636e; --line: #d8dde2; --field: #f4f6f8;
  --good: #1a7f4b; --bad: #c0262d; --warn: #8f5b00; --link: #0b5cad;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --ink: #e4e8ec; --soft: #9aa5b1; --line: #30363d; --field: #1c2126;
    --good: #4bc187; --bad: #ff7f78; --warn: #e2ad3b; --link: #7ab7ff;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  max-width: 47rem; margin: 0 auto; padding: 3rem 1.25rem 4rem;
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans",
    sans-serif;
  overflow-wrap: anywhere;
}
h1, h2, h3, p, ul, ol, dl, dd { margin: 0; }
h1 { font-size: 2rem; line-height: 1.2; font-weight: 650; letter-spacing: -0.01em; }
h2 { font-size: 1.25rem; line-height: 1.3; font-weight: 650; margin: 0 0 1.25rem; }
h3 { font-size: 1rem; line-height: 1.4; font-weight: 600; }
section { margin-top: 3.5rem; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, pre:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
code, pre { font-family: var(--mono); font-size: 0.875em; }
bdi, code, pre { unicode-bidi: isolate; }
small { font-size: 0.875rem; color: var(--soft); }
ul, ol { padding: 0; list-style: none; }
.label { font-size: 0.8125rem; color: var(--soft); }
.verdict { display: flex; gap: 0.75rem; margin-top: 1.25rem; font-size: 1.1875rem; line-height: 1.45; }
.verdict .symbol { width: 1.625rem; height: 1.625rem; }
dl { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; margin-top: 1.75rem; font-size: 0.9375rem; }
dt { font-size: 0.8125rem; color: var(--soft); }
dd time { white-space: nowrap; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); gap: 2rem 3rem; }
.symbol { flex: none; width: 1.25rem; height: 1.25rem; margin-top: 0.15rem; }
.symbol .fill { fill: currentColor; }
.symbol .cut { fill: none; stroke: var(--paper); stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.symbol .ring, .symbol .mark { fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; }
.dashed { stroke-dasharray: 3 3; }
.works { color: var(--good); fill: var(--good); }
.fails { color: var(--bad); fill: var(--bad); }
.warning { color: var(--warn); fill: var(--warn); }
.unchecked, .skipped { color: var(--soft); fill: var(--soft); }
.readers { margin-top: 0.75rem; }
.readers li { display: flex; gap: 0.75rem; padding: 0.5rem 0; }
.readers strong, .readers small { display: block; }
.readers strong { font-weight: 600; }
.readers small { line-height: 1.45; }
.path { display: block; width: 100%; max-width: 23rem; height: auto; margin: 1rem 0; overflow: hidden; }
.path text { fill: var(--ink); font-size: 14px; }
.path .hop { font-weight: 600; }
.path .state { font-size: 13px; text-anchor: end; }
.path .state.works { fill: var(--good); }
.path .state.fails { fill: var(--bad); font-weight: 600; }
.path .state.warning { fill: var(--warn); font-weight: 600; }
.path .state.unchecked, .path .state.skipped { fill: var(--soft); }
.path .found { fill: var(--soft); font-family: var(--mono); font-size: 12px; white-space: pre; }
.path .way { fill: none; stroke: var(--line); stroke-width: 2; }
.hops { padding-left: 1.5rem; list-style: decimal; font-size: 0.9375rem; }
.hops > li { margin-top: 0.75rem; }
.hops ul { color: var(--soft); }
summary { cursor: pointer; color: var(--soft); font-size: 0.875rem; }
.finding { padding: 1.5rem 0; border-top: 1px solid var(--line); color: inherit; overflow: hidden; }
.finding h3 { display: flex; gap: 0.75rem; font-size: 1.0625rem; }
.finding > :not(h3) { margin-left: 2rem; }
.finding .label { margin-top: 0.25rem; }
.finding .places { margin-top: 0.5rem; }
.finding > p { margin-top: 0.5rem; }
.finding > .fix {
  margin-top: 0.25rem; padding: 0.75rem 1rem; background: var(--field); border: 1px solid var(--line);
  border-radius: 0.375rem;
}
.finding .label + .places { margin-top: 0.75rem; }
.finding > .label:not(h3 + *) { margin-top: 1rem; }
.fix code { padding: 0.1em 0.3em; background: var(--paper); border-radius: 0.25rem; box-decoration-break: clone; }
.finding code { -webkit-user-select: all; user-select: all; }
.finding .reference { font-size: 0.875rem; }
.all > summary { margin-bottom: 0.75rem; }
.exchange { border-top: 1px solid var(--line); padding: 0.625rem 0; overflow: hidden; }
.exchange summary { color: inherit; }
.exchange summary span { color: var(--soft); }
.exchange p, .exchange h3 { margin-top: 0.75rem; font-size: 0.875rem; }
pre {
  margin: 0.375rem 0 0; padding: 0.75rem 1rem; background: var(--field); border-radius: 0.375rem;
  white-space: pre-wrap; overflow: auto; max-height: 30rem;
}
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin-bottom: 2rem; font-size: 0.9375rem; }
h1 + nav { margin: 1.25rem 0 0; }
h2 .symbol { width: 1.375rem; height: 1.375rem; margin-top: 0.125rem; }
h2:has(.symbol) { display: flex; gap: 0.625rem; margin-bottom: 0.5rem; }
h2 small { margin-left: 0.25rem; font-size: 1rem; font-weight: 400; }
body:has(.names) { max-width: 64rem; }
.names li { padding: 0.875rem 0; border-top: 1px solid var(--line); }
.names a { font-weight: 600; }
.names p { max-width: 47rem; }
.names small { display: block; margin-top: 0.25rem; font-size: 0.8125rem; }
.names span { display: inline-block; margin-right: 0.625rem; }
.names span:last-child { margin-right: 0; }
.brief { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); column-gap: 2rem; }
.brief li { padding: 0.625rem 0; }
footer { margin-top: 4rem; font-size: 0.8125rem; color: var(--soft); }
@media (max-width: 30rem) {
  body { padding: 1.75rem 0.75rem 3rem; }
  h1 { font-size: 1.625rem; }
  section { margin-top: 2.75rem; }
  .finding > :not(h3) { margin-left: 0; }
}
.paper { display: none; }
@media print {
  @page {
    margin: 1.5cm;
    @bottom-right { content: counter(page) " / " counter(pages); font: 8pt system-ui, sans-serif; color: #59636e; }
  }
  :root { color-scheme: light; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  html { font-size: 10pt; }
  body { max-width: none; padding: 0; }
  section { margin-top: 1.5rem; }
  nav { margin-bottom: 1rem; }
  .path { max-width: 20rem; }
  h2, h3 { break-after: avoid; }
  .finding, .columns > div, .readers li, .names li { break-inside: avoid; }
  .columns { grid-template-columns: 1fr 1fr; }
  details:not([open]), section:has(> .all:not([open])), nav a, footer { display: none; }
  .paper { display: inline; }
  pre { max-height: none; border: 1px solid var(--line); }
  .brief { display: block; }
  .brief li { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; padding: 0.2rem 0; }
  .brief small { flex: none; margin: 0; }
  .reference a::after { content: " (" attr(href) ")"; }
  a { color: inherit; }
}
`
