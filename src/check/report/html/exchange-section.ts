import { countNouns, formatCount } from '../../../matrix/format-count.ts'
import type { ReportedExchange, ReportedResponse } from '../exchanges.ts'
import { formatAddress } from '../finding-text.ts'
import type { Report } from '../report.ts'
import { markup, verbatim } from './markup.ts'
import type { Content, Markup } from './markup.ts'

/** What was requested, and what came back, folded away. */
export function renderExchanges ({ exchanges, exchangesLeftOut }: Report): Content {
  if (exchanges.length === 0) return []
  const more = exchangesLeftOut === 0 ? [] : markup`<p>${exchangesLeftOut} further requests are left out.</p>\n`
  const count = countNouns(exchanges.length, 'request')
  return markup`<section aria-labelledby="exchanges">
<h2 id="exchanges">Requests and responses</h2>
<details class="all"><summary>Show ${count} and the responses</summary>
${exchanges.map(renderExchange)}${more}</details>
</section>
`
}

function renderExchange (exchange: ReportedExchange): Markup {
  const { method, url, address, port, requestHeaders, response, failure, milliseconds } = exchange
  const outcome = response === null ? `no response: ${failure?.kind}` : String(response.status)
  return markup`<details class="exchange">
<summary><code>${method} ${url}</code> <span>${outcome}, ${milliseconds} ms</span></summary>
<p>To ${formatAddress(address, port, undefined)}.${failure === null ? '' : ` ${failure.phase}: ${failure.message}.`}</p>
<h3>Request</h3>
<pre tabindex="0">${verbatim(`${method} ${url}`)}
${requestHeaders.map(writeHeader)}</pre>
${response === null ? [] : renderResponse(response)}</details>
`
}

function renderResponse ({ status, headers, headersLeftOut, body, bytes, bodyCut }: ReportedResponse): Markup {
  const more = headersLeftOut === 0 ? [] : markup`<p>${headersLeftOut} further headers are left out.</p>\n`
  const size = bodyCut ? `The beginning of ${formatCount(bytes)} bytes` : `${formatCount(bytes)} bytes`
  return markup`<h3>Response</h3>
<pre tabindex="0">${status}
${headers.map(writeHeader)}</pre>
${more}${body === ''
? markup`<p>No body.</p>\n`
: markup`<p>${size}:</p>
<pre tabindex="0">${verbatim(body)}</pre>
`}`
}

function writeHeader ([name, value]: readonly [name: string, value: string]): Markup {
  return markup`${verbatim(name)}: ${verbatim(value)}\n`
}
