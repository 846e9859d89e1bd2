import type { RawResponse } from './http.ts'

/** On every response except those of /health. */
export const cors = {
  'access-control-allow-origin': ['*'],
  'access-control-allow-methods': ['GET, POST, PUT, DELETE, OPTIONS'],
  'access-control-allow-headers': ['X-Requested-With, Content-Type, Authorization']
}
export const nosniff = { 'x-content-type-options': ['nosniff'] }
export const json = { 'content-type': ['application/json'] }
export const noStore = { 'cache-control': ['no-store'] }
export const allow = { allow: ['GET, HEAD, OPTIONS'] }
/** On every Matrix error. */
export const errorHeaders = { ...cors, ...nosniff, ...noStore, ...json }

/** A response without the headers of the connection, which are Node's. */
export function withoutConnection ({ status, headers, body }: RawResponse): RawResponse {
  const { date, connection, 'keep-alive': keepAlive, ...rest } = headers
  return { status, headers: rest, body }
}

/** The body of a Matrix error. */
export function matrixError (errcode: string, error: string): string {
  return JSON.stringify({ errcode, error })
}
