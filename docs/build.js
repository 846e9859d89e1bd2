// Prints findings.md from the catalogue of the built program: npm run docs
import { catalogue } from '../dist/check/judge/catalogue.js'

const rows = Object.entries(catalogue).map(([id, { severity, title, why, specification }]) => `| \`${id}\` | ${severity} | ${title} | ${why} | ${specification} |`)

process.stdout.write(`# Findings of \`check\`

An id never changes its meaning. A failure means that something does not work; a warning that it works, but not for all or
not for long; a notice is good to know. Where a document is not needed, or somebody else reads it, a failure may be told as
a warning: the severity of the report counts.

| id | severity | what was found | why it matters | specification |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`)
