import { isDeepStrictEqual } from 'node:util'
import { isJsonObject, property } from '../matrix/json-object.ts'
import { buildDocumentFiles } from './document-files.ts'
import { headersOf } from './publication.ts'
import type { Publication, PublishedPath } from './publication.ts'
import type { OutputFile, Target } from './target.ts'

export const vercel: Target = {
  summary: 'also vercel.json',
  snippet: 'vercel.json',
  build: publication => ({
    files: [...buildDocumentFiles(publication, 'public/'), buildConfiguration(publication)],
    notes: [
      'This folder has to be the root of the project, with vercel.json at its top. If the project has another output ' +
      'folder than "public", copy public/.well-known there.',
      'A rewrite of all paths, as single-page applications have, must leave out these: use ' +
      '"source": "/((?!\\\\.well-known/matrix/).*)". Otherwise a document that is not configured is your index.html.'
    ]
  })
}

interface HeaderRule {
  readonly source: string
  readonly headers: ReadonlyArray<{ readonly key: string, readonly value: string }>
}

function buildConfiguration ({ documents, missing }: Publication): OutputFile {
  const rules = [...documents.map(path => buildRule(path)), ...missing.map(path => buildRule(path, 'Content-Type'))]
  return {
    path: 'vercel.json',
    text: `${JSON.stringify({ headers: rules }, null, 2)}\n`,
    shared: { isIn: existing => hasRules(existing, rules), fix: 'add these entries to "headers" in it' }
  }
}

/** @param without a header: the body of a 404 is Vercel's own page. */
function buildRule ({ path, response }: PublishedPath, without?: string): HeaderRule {
  const headers = headersOf(response).filter(([name]) => name !== without)
  return { source: path, headers: headers.map(([key, value]) => ({ key, value })) }
}

function hasRules (existing: string, rules: readonly HeaderRule[]): boolean {
  const found = property(parseJson(existing), 'headers')
  if (!Array.isArray(found)) return false
  return rules.every(rule => found.some(candidate => isJsonObject(candidate) && isDeepStrictEqual(candidate, rule)))
}

function parseJson (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
