import { documentPath } from '../../site/documents.ts'
import type { ClientVerdict } from '../judge/client-verdict.ts'
import type { Severity } from '../judge/finding.ts'
import { formatSpan } from '../judge/time-span.ts'
import { formatAddress } from './finding-text.ts'
import type { ReportedFinding } from './finding-text.ts'
import { Page } from './page.ts'
import type { Mark, TextOptions } from './page.ts'
import { groupFindings } from './finding-groups.ts'
import type { FindingGroup } from './finding-groups.ts'
import { groupBy } from './group-by.ts'
import { describeAffected, groupReaders } from './reader-groups.ts'
import { summarizeReport } from './headline.ts'
import type { Report, ReportedAddress, ReportedDocument, ReportedTls } from './report.ts'
import { describeValidity } from './validity.ts'
import type { ReaderVerdict, Verdict } from './verdict.ts'

export type { TextOptions } from './page.ts'

/** A report for people: the verdict, the steps that led to it, and the findings, the worst first. */
export function renderText (report: Report, options: TextOptions): string {
  const groups = groupFindings(report.findings)
  const page = new Page(options)
  const headline = summarizeReport(report)
  page.entry('', headline, 'bold')
  renderReaders(page, report.verdict)
  const { federation, clients, documents, verdict } = report
  // Without DNS, there is nothing to show.
  if (federation !== null && federation.steps.length > 0) renderFederation(page, federation, options)
  const isClientSeen = verdict.clients !== 'unknown' || documents.length > 0
  if (clients !== null && isClientSeen) renderClients(page, clients, options)
  renderDocuments(page, report)
  if (groups.length > 0) page.heading('Findings')
  groups.forEach((group, i) => {
    if (i > 0) page.blankLine()
    renderFindingGroup(page, group, report.verdict)
  })
  const isLong = options.rows !== undefined && page.text.split('\n').length > options.rows
  if (isLong) {
    page.blankLine()
    page.entry('', headline, 'bold')
  }
  return page.text
}

/** What each reader achieves, those that behave alike in one line. */
function renderReaders (page: Page, verdict: Verdict): void {
  const groups = groupReaders(verdict)
  if (groups.length > 0) page.heading('Readers')
  for (const [{ outcome, reason }, names] of groups) {
    const { mark, text } = readerOutcomes[outcome]
    const explanation = [text, reason ?? ''].filter(part => part !== '').join(': ')
    page.marked(mark, '  ', explanation === '' ? names.join(', ') : `${names.join(', ')}: ${explanation}`)
  }
}

const readerOutcomes: Readonly<Record<ReaderVerdict['outcome'], { readonly mark: Mark, readonly text: string }>> = {
  works: { mark: 'good', text: '' },
  asks: { mark: 'warning', text: "asks for the homeserver's address" },
  fails: { mark: 'bad', text: '' },
  sometimes: { mark: 'warning', text: 'works sometimes' },
  unknown: { mark: 'warning', text: 'could not be checked' }
}

function renderFederation (
  page: Page,
  { steps, endpoint, addresses }: NonNullable<Report['federation']>,
  options: TextOptions
): void {
  page.heading('Other servers')
  for (const { step, taken, what } of steps.filter(({ taken }) => taken || options.verbose === true)) {
    page.entry(`  ${step.padEnd(4)}`, taken ? what : `skipped: ${what}`, taken ? undefined : 'dim')
  }
  if (endpoint !== null) page.entry('  → ', `Host ${endpoint.hostHeader}, certificate for ${endpoint.tlsName}`)
  for (const address of addresses) {
    renderAddress(page, address, address.software === null ? [] : [`homeserver ${address.software}`])
  }
}

/** What clients do by the specification. */
const clientOutcomes: Readonly<Record<ClientVerdict, string>> = {
  SUCCESS: 'users can log in',
  IGNORE: "clients ask for the homeserver's address",
  FAIL_PROMPT: "clients report an error and ask for the homeserver's address",
  FAIL_ERROR: 'clients stop with an error'
}

function renderClients (page: Page, clients: NonNullable<Report['clients']>, options: TextOptions): void {
  const { verdict, baseUrl, identityServer, addresses } = clients
  page.heading('Clients')
  page.entry('  ', `${documentPath('client')} → ${baseUrl ?? 'no homeserver'}`)
  if (options.verbose === true) page.entry('  ', `by the specification, ${clientOutcomes[verdict]} (${verdict})`)
  if (identityServer !== null) page.entry('  ', `identity server → ${identityServer}`)
  for (const address of addresses) {
    const newest = address.versions?.at(-1)
    renderAddress(page, address, newest === undefined ? [] : [`Matrix up to ${newest}`])
  }
}

function renderDocuments (page: Page, { hosts, documents, findings }: Report): void {
  const [host] = hosts
  if (host !== undefined) page.heading(`Documents at ${host.host}`)
  for (const host of hosts) renderAddress(page, host, [])
  for (const [name, versions] of groupBy(documents.filter(({ status }) => status !== null), ({ name }) => name)) {
    const groups = groupBy(versions, document => describeDocument(document, findings))
    for (const [outcome, same] of groups) {
      const where = groups.size === 1 ? '' : `, at ${same.map(({ address }) => address).join(', ')}`
      page.entry(`  ${name.padEnd(14)}`, `${outcome}${where}`)
    }
  }
}

function describeDocument (document: ReportedDocument, findings: readonly ReportedFinding[]): string {
  const { status, bytes, content, cacheSeconds, urls } = document
  const parts = [String(status)]
  if (content !== null) {
    parts.push(`${bytes} bytes`, cacheSeconds === null ? 'no max-age' : `cached for ${formatSpan(cacheSeconds)}`)
  }
  if (urls.length > 1) parts.push(`redirected to ${urls.slice(1).join(', then ')}`)
  if (findings.some(finding => isFailureOf(document, finding))) parts.push('see below')
  return parts.join(', ')
}

function isFailureOf ({ name, address }: ReportedDocument, { severity, about }: ReportedFinding): boolean {
  return severity === 'failure' && about.document === name &&
    (about.address === undefined || about.address === address)
}

function renderAddress (page: Page, at: ReportedAddress, details: readonly string[]): void {
  const { host, port, address, responds, failure, tls } = at
  const certificate = tls === null ? [] : [tls.protocol, describeCertificate(tls)]
  const parts = [...responds || failure === null ? [] : [failure], ...details, ...certificate]
  const isGood = responds && tls?.trusted !== false
  page.marked(isGood ? 'good' : 'bad', '    ', formatAddress(host, port, address))
  page.entry('      ', parts.join(', '), 'dim')
}

function describeCertificate ({ issuer, names, trusted, daysLeft }: ReportedTls): string {
  const origin = `from ${issuer}, ${describeValidity(daysLeft)}`
  return trusted ? `certificate ${origin}` : `untrusted certificate for ${names.slice(0, 2).join(' and ')}, ${origin}`
}

const findingMarks: Readonly<Record<Severity, Mark>> = { failure: 'bad', warning: 'warning', notice: 'notice' }

function renderFindingGroup (page: Page, group: FindingGroup, verdict: Verdict): void {
  const [{ id, severity, what, why, fix, specification }] = group
  const subjects = group.map(({ subject }) => subject).join(', ')
  page.marked(findingMarks[severity], '', `${id}: ${subjects}`, 'bold')
  page.entry('  ', what)
  page.entry('  ', why, 'dim')
  const affected = describeAffected(group, verdict)
  if (affected !== '') page.entry('  ', `Affects ${affected}.`, 'dim')
  page.entry('  → ', fix)
  page.link('  ', specification.title, specification.url, 'dim')
}
