import { isDeepStrictEqual } from 'node:util'
import { isJsonObject, property, readJson } from '../matrix/json-object.ts'
import { documentPath } from '../site/documents.ts'
import { buildDocumentFiles } from './document-files.ts'
import { headersOf, sharedHeaders } from './publication.ts'
import type { Header, Publication } from './publication.ts'
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
      '"source": "/((?!\\\\.well-known/matrix/).*)". Otherwise a document that isn\'t configured is your index.html.'
    ]
  })
}

interface HeaderRule {
  readonly source: string
  readonly headers: ReadonlyArray<{ readonly key: string, readonly value: string }>
}

function buildConfiguration ({ documents, missing, options }: Publication): OutputFile {
  const cors = sharedHeaders({ options })
  const isOther = ([name]: Header): boolean => !cors.some(([known]) => known === name)
  // No type: the body of a 404 is Vercel's own page.
  const isCaching = ([name]: Header): boolean => name === 'Cache-Control'
  const rules = [
    buildRule(documentPath('(.*)'), cors),
    ...documents.map(({ path, response }) => buildRule(path, headersOf(response).filter(isOther))),
    ...missing.map(({ path, response }) => buildRule(path, headersOf(response).filter(isCaching)))
  ]
  return {
    path: 'vercel.json',
    text: `${JSON.stringify({ headers: rules }, null, 2)}\n`,
    shared: { isIn: existing => hasRules(existing, rules), fix: 'add these entries to "headers" in it' }
  }
}

function buildRule (source: string, headers: readonly Header[]): HeaderRule {
  return { source, headers: headers.map(([key, value]) => ({ key, value })) }
}

function hasRules (existing: string, rules: readonly HeaderRule[]): boolean {
  const found = property(readJson(existing), 'headers')
  if (!Array.isArray(found)) return false
  return rules.every(rule => found.some(candidate => isJsonObject(candidate) && isDeepStrictEqual(candidate, rule)))
}
