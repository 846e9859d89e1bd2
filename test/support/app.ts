import { Writable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import type { Environment } from '../../src/config/environment.ts'
import { buildApp } from '../../src/server/app.ts'
import { HeapBudget, readOldSpaceLimit } from '../../src/server/overload/heap-budget.ts'
import { buildLog } from '../../src/server/log/log.ts'
import { buildDirectory } from '../../src/site/directory.ts'

/** An application that listens on its own port until the end of the test, and the lines that it has logged. */
export interface RunningApp {
  readonly app: FastifyInstance
  readonly port: number
  readonly lines: Record<string, unknown>[]
}

export async function startApp (
  t: Test,
  environment: Environment = {},
  prepare: (app: FastifyInstance) => void = () => {},
  count?: (target: string, status: number) => void
): Promise<RunningApp> {
  const config = loadConfig({ SERVER_NAME: 'example.com', ...environment })
  const lines: Record<string, unknown>[] = []
  const log = buildLog(config.server.logLevel, new Writable({
    write (line: Buffer, _encoding, done) {
      lines.push(JSON.parse(line.toString()) as Record<string, unknown>)
      done()
    }
  }))
  const directory = buildDirectory(config.site, config.documents)
  const app = buildApp({ ...config.server, directory: () => directory, count, heap: buildHeap() }, log)
  prepare(app)
  t.teardown(() => { app.server.closeAllConnections(); return app.close() })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return { app, port: Number(new URL(app.listeningOrigin).port), lines }
}

/** That of this process. */
export function buildHeap (): HeapBudget {
  return new HeapBudget(readOldSpaceLimit([]))
}
