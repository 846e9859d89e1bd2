import { createHash } from 'node:crypto'
import { Markup, markup } from './markup.ts'
import { stylesheet } from './stylesheet.ts'

/** Nothing is loaded, no script runs, and no style but the page's own applies. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(stylesheet).digest('base64')}'`,
  // The empty icon, without which browsers ask the server for one.
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'"
].join('; ')

/** What every page is about. On paper, which has no footer, also what has made it. */
export function renderPageLabel (version: string): Markup {
  const paper = markup`<span class="paper">, checked by matrix-well-known ${version}</span>`
  return markup`<p class="label">Matrix delegation${paper}</p>`
}

/** A page in one file. */
export function renderPage (title: string, body: Markup): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Markup(stylesheet)}</style>
</head>
<body>
${body}
</body>
</html>
`.text
}
