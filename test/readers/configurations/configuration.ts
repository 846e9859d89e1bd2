import type { DnsRecords } from '../../support/dns-server.ts'
import type { Meaning } from '../meaning.ts'

/** Settings, and what an operator who writes them means. */
export interface Configuration {
  readonly title: string
  /** With `SERVER_NAME`, which no other configuration has. */
  readonly settings: Readonly<Record<string, string>> & { readonly SERVER_NAME: string }
  readonly meaning: Meaning
  /** `served`, or `either` if the server may refuse settings that some reader can't read. */
  readonly outcome: 'served' | 'either'
  readonly records?: DnsRecords
}

/** A configuration with defaults. */
export interface Row extends Partial<Pick<Configuration, 'outcome' | 'records'>> {
  readonly title: string
  readonly serverName?: string
  readonly settings?: Readonly<Record<string, string>>
  /** Without `server`, that is what it is without `M_SERVER`: the server name, with port 443 if it has none. */
  readonly meaning?: Omit<Meaning, 'server'> & { readonly server?: string | 'not served' }
}

export function withDefaults (row: Row, index: number): Configuration {
  const { title, serverName = `c${index + 1}.example.com`, settings, meaning, outcome = 'served', records } = row
  const { server = /(?:[^:]|\]):\d+$/.test(serverName) ? serverName : `${serverName}:443`, ...rest } = meaning ?? {}
  return {
    title,
    settings: { SERVER_NAME: serverName, ...settings },
    meaning: server === 'not served' ? rest : { server, ...rest },
    outcome,
    ...records === undefined ? {} : { records }
  }
}

/** Of rows with settings that some readers can't read: they are refused, or served in a form that all of them read. */
export function refusable (rows: readonly Row[]): readonly Row[] {
  return rows.map(row => ({ ...row, outcome: 'either' }))
}
