import { maxJsonDepth } from '../network/json-body.ts'
import type { JsonFault } from '../network/json-body.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { specification } from './specification.ts'

export const jsonFindings = {
  'document.html': {
    severity: 'notice',
    title: 'A web page is served instead of a document',
    why: 'The web site responds to every path, so the request does not reach the document.',
    specification: specification.wellKnownUris,
    what: 'The response is a web page.',
    fix: 'Configure the proxy to pass /.well-known/matrix/ on to the sidecar, not to the web site: ' +
      'in nginx, with "location ^~ /.well-known/matrix/".'
  },
  'document.json': {
    severity: 'warning',
    title: 'A document is not a JSON object',
    why: "Readers can't read it.",
    specification: specification.wellKnownUris,
    what: ({ fault }: { fault: 'empty' | 'json' | 'object' }) => {
      if (fault === 'empty') return 'The response is empty.'
      return fault === 'json' ? 'The response is not JSON.' : 'The response is JSON, but not an object in { }.'
    },
    fix: ({ fault }: { fault: 'empty' | 'json' | 'object' }) => fault === 'object'
      ? 'Serve an object.'
      : 'Serve the document.',
    example: { fault: 'json' }
  },
  'document.trailing': {
    severity: 'warning',
    title: 'Something follows the JSON of a document',
    why: 'Most readers reject the whole document.',
    specification: specification.wellKnownUris,
    what: 'Something follows the JSON.',
    fix: 'Remove it. A proxy may have added it.'
  },
  'document.bom': {
    severity: 'warning',
    title: 'A document begins with a byte order mark',
    why: 'Synapse and others reject JSON that begins with it. Editors do not show it.',
    specification: specification.wellKnownUris,
    what: 'The response begins with a byte order mark.',
    fix: 'Save the file as UTF-8 without a byte order mark.'
  },
  'document.encoding': {
    severity: 'warning',
    title: 'A document is not UTF-8',
    why: 'JSON is UTF-8, and many readers reject anything else.',
    specification: specification.wellKnownUris,
    what: 'The response is not UTF-8.',
    fix: 'Save the file as UTF-8, and compress it only for readers that ask for it.'
  },
  'document.depth': {
    severity: 'notice',
    title: `The JSON of a document has more than ${maxJsonDepth} levels`,
    why: 'Readers reject it, or run out of stack.',
    specification: specification.wellKnownUris,
    what: `The JSON has more than ${maxJsonDepth} levels.`,
    fix: 'Serve only the document.'
  }
} as const satisfies FindingKinds

const find = findingBuilder(jsonFindings)

/** What is wrong with a body that is not one JSON object. */
export function judgeJsonFault (fault: JsonFault, context: Context, evidence: Finding['evidence']): Finding {
  const details = { ...context, evidence }
  switch (fault) {
    case 'empty':
    case 'json':
    case 'object': return find('document.json', { ...details, parts: { fault } })
    case 'html': return find('document.html', details)
    case 'trailing': return find('document.trailing', details)
    case 'bom': return find('document.bom', details)
    case 'encoding': return find('document.encoding', details)
    case 'depth': return find('document.depth', details)
  }
}
