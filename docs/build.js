// Prints findings.md from the catalogue of the built program: npm run docs
import { catalogue } from '../dist/check/judge/catalogue.js'

/** The anchor of a finding, to link to: `findings.md#cors-missing`. */
const anchor = id => id.replaceAll('.', '-')

const write = (text, example) => typeof text === 'string' ? text : text(example)

const sections = Object.entries(catalogue).map(([id, { severity, title, why, specification, what, fix, example }]) => `
<a id="${anchor(id)}"></a>

## \`${id}\`

**${title}** (${severity}). ${why}

- What: ${write(what, example)}
- Fix: ${write(fix, example)}
- Specification: [${specification.title}](${specification.url})
`)

process.stdout.write(`# Findings of \`check\`

A failure means that something doesn't work. A warning means that it works, but not for everyone or not for long. A notice
is good to know. In a report, a failure can be a warning or a notice if the readers don't need the document. Where a text
depends on what was found, an example is shown. An id never changes its meaning.
${sections.join('')}`)
