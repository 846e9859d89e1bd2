// Prints findings.md from the catalogue of the built program: npm run docs
import { catalogue } from '../dist/check/judge/catalogue.js'

/** The anchor of a finding, to link to: `findings.md#cors-missing`. */
function anchor (id) {
  return id.replaceAll('.', '-')
}

/** A text as it is printed, with the parts of the example if it takes any. */
function write (text, example) {
  return escapeMarkdown(typeof text === 'string' ? text : text(example))
}

function escapeMarkdown (text) {
  return text.replaceAll(/[*<\\`]/g, '\\$&')
}

const sections = Object.entries(catalogue).map(([id, kind]) => `
<a id="${anchor(id)}"></a>

## \`${id}\`

**${escapeMarkdown(kind.title)}** (${kind.severity})

${escapeMarkdown(kind.why)}

- What: ${write(kind.what, kind.example)}
- Fix: ${write(kind.fix, kind.example)}
- Specification: [${kind.specification.title}](${kind.specification.url})
`)

process.stdout.write(`# Findings of \`check\`

A failure means that a real client or server fails. A warning means that one might, now or later. A notice is good to
know. The severity shown here is the lowest: in a report, a finding that explains why a reader fails is a failure. If a
text depends on what was found, an example is shown. An id never changes its meaning.
${sections.join('')}`)
