// Writes findings.md from the catalogue of the built program: npm run docs. With --check it only says whether that is current.
import { readFileSync, writeFileSync } from 'node:fs'
import { catalogue } from '../dist/check/catalogue.js'

const file = new URL('findings.md', import.meta.url)
const rows = Object.entries(catalogue).map(([id, { severity, title, why, specification }]) => `| \`${id}\` | ${severity} | ${title} | ${why} | ${specification} |`)
const text = `# Findings of \`check\`

An id never changes its meaning. A failure means that something does not work; a warning that it works, but not for all or
not for long; a notice is good to know. Where a document is not needed, or somebody else reads it, a failure may be told as
a warning: the severity of the report counts.

| id | severity | what was found | why it matters | specification |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`

if (!process.argv.includes('--check')) {
  writeFileSync(file, text)
} else if (readFileSync(file, 'utf8') !== text) {
  console.error('docs/findings.md is not current: npm run docs')
  process.exitCode = 1
}
