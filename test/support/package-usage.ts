// A program that uses everything the package exports: test/consumer/types.test.ts compiles it.
import type { FastifyInstance } from 'fastify'
import { checkServer, InvalidValueError } from 'matrix-well-known'
import type { CheckOptions, Finding, FindingId, InvalidValueCode, Override } from 'matrix-well-known'
import type { Part, Report, Severity, Site } from 'matrix-well-known'
import { matrixWellKnown } from 'matrix-well-known/fastify'
import type { FastifyApp, MatrixWellKnownOptions } from 'matrix-well-known/fastify'
import { buildDocuments, ConfigError, loadSite, respond } from 'matrix-well-known/site'
import type { Document, Environment, Fault, Request, Response } from 'matrix-well-known/site'

const environment: Environment = { SERVER_NAME: 'example.com' }

export const options: MatrixWellKnownOptions[] = [{ environment }, { site: loadSite(environment) }]

export const registerAnywhere: (app: FastifyApp) => Promise<void> = async app => {
  await matrixWellKnown(app, { environment })
}

export const register: (app: FastifyInstance) => void = app => { app.register(matrixWellKnown, { environment }) }

export function load (): Site | readonly Fault[] {
  try {
    return loadSite(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

export function serve (site: Site, request: Request): Response {
  return respond(site, request)
}

export function list (site: Site): string[] {
  const documents: readonly Document[] = buildDocuments(site)
  return documents.map(({ name, body }) => `${name}: ${body}`)
}

export async function check (name: string, intent: Site): Promise<FindingId[] | InvalidValueCode> {
  const only: Part = 'client'
  const resolve: Override[] = [{ host: name, port: 443, address: '192.0.2.1', toPort: undefined }]
  const options: CheckOptions = { only, intent, resolve, timeout: 2 }
  const worst: Severity = 'failure'
  try {
    const { findings }: Report = await checkServer(name, options)
    return findings.filter(({ severity }: Finding) => severity === worst).map(({ id }) => id)
  } catch (error) {
    if (error instanceof InvalidValueError) return error.code
    throw error
  }
}
