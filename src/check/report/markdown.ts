import { escapeUnseen } from '../../matrix/printable.ts'
import { shorten } from '../../matrix/short-text.ts'
import type { Severity } from '../judge/finding.ts'
import { splitCode } from './code-words.ts'
import { groupFindings } from './finding-groups.ts'
import type { FindingGroup } from './finding-groups.ts'
import { summarizeReport } from './headline.ts'
import { listNewestVersions, listSoftware } from './homeserver-software.ts'
import { formatMinute } from './minute.ts'
import { groupReaders } from './reader-groups.ts'
import type { ReaderGroup } from './reader-groups.ts'
import type { Report } from './report.ts'

/** More would be too much for a chat. */
const maxFindings = 6
const maxSubjects = 3
/** In characters, of one text. */
const maxLength = 300

/**
 * A report that is short enough for a chat. What a peer sent can't become a mention, a link, an image or HTML: it is in
 * code, without "@".
 *
 * @param version of this program.
 */
export function renderMarkdown (report: Report, version: string): string {
  const { serverName, verdict, findings } = report
  const groups = groupFindings(findings)
  const failing = groupReaders(verdict).filter(([{ outcome }]) => outcome !== 'works')
  const sections = [
    [`**${writeCode(serverName)}** ${writeSentence(summarizeReport(report))}`],
    failing.map(renderReaderGroup),
    listFindings(groups),
    [`_${describeVersions(report, version)}_`]
  ]
  return `${sections.filter(lines => lines.length > 0).map(lines => lines.join('\n')).join('\n\n')}\n`
}

const outcomes: Readonly<Record<ReaderGroup[0]['outcome'], string>> = {
  works: '✅',
  asks: "⚠️ asks for the homeserver's address:",
  fails: '❌',
  sometimes: '⚠️ works sometimes:',
  unknown: '❔ not checked:'
}

function renderReaderGroup ([{ outcome, reason }, names]: ReaderGroup): string {
  const why = reason === null ? '' : `: ${writeSentence(reason)}`
  return `- ${outcomes[outcome]} ${names.join(', ')}${why}`
}

/** What matters in full, and the rest by its ids. */
function listFindings (groups: readonly FindingGroup[]): string[] {
  const full = groups.filter(([{ severity }]) => severity !== 'notice').slice(0, maxFindings)
  const rest = groups.filter(group => !full.includes(group)).map(([{ id }]) => writeCode(id))
  return [...full.map(renderFinding), ...rest.length === 0 ? [] : [`Also: ${[...new Set(rest)].join(', ')}`]]
    .flatMap((entry, i, all) => i === all.length - 1 ? [entry] : [entry, ''])
}

const marks: Readonly<Record<Severity, string>> = { failure: '❌', warning: '⚠️', notice: 'ℹ️' }

function renderFinding (group: FindingGroup): string {
  const [{ id, severity, what, fix }] = group
  const subjects = group.slice(0, maxSubjects).map(({ subject }) => writeCode(subject))
  const more = group.length - subjects.length
  const where = [...subjects, ...more > 0 ? [`${more} more`] : []].join(', ')
  return `${marks[severity]} ${writeCode(id)} ${where}  \n${writeSentence(what)}  \n**Fix:** ${writeSentence(fix)}`
}

function describeVersions (report: Report, version: string): string {
  return [
    ...listSoftware(report).map(writeCode),
    ...listNewestVersions(report).map(newest => `Matrix up to ${writeCode(newest)}`),
    `checked ${formatMinute(report.checkedAt)} with matrix-well-known ${version}`
  ].join(' · ')
}

function writeSentence (sentence: string): string {
  return splitCode(shorten(sentence, maxLength)).map(({ text, isCode }) => isCode ? writeCode(text) : text).join('')
}

/** A code span; its fence is longer than any run of backticks in it. */
function writeCode (text: string): string {
  // Pasted into a room, "@room" would be a mention, in code as well.
  const safe = escapeUnseen(shorten(text, maxLength)).replaceAll('@', '(at)')
  const longest = Math.max(0, ...[...safe.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return longest === 0 ? `${fence}${safe}${fence}` : `${fence} ${safe} ${fence}`
}
