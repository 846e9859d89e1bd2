import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A command on a page, and the output that the page shows directly below it. */
export interface Command {
  readonly page: string
  readonly text: string
  readonly output: string | undefined
  /** The command and what opens its output, as the page has them. */
  readonly marker: string
}

/** Which test runs a command: see test/docs, test/container and test/proxies. */
export type Runner =
  'container' | 'container-validate' | 'check' | 'validate' | 'export' | 'import' | 'monitor' | 'proxies' | 'server'

/** The README and the pages in docs, by their paths. */
export const pageNames = [
  'README.md',
  ...readdirSync(`${root}docs`).filter(name => name.endsWith('.md')).map(name => `docs/${name}`)
]

export function readPage (page: string): string {
  return readFileSync(`${root}${page}`, 'utf8')
}

/** The commands that one test runs, in the order of the pages. */
export function commandsFor (runner: Runner): Command[] {
  return pageNames.flatMap(findCommands).filter(command => runnerOf(command) === runner)
}

/** In a list, a command is indented. */
function findCommands (page: string): Command[] {
  return [...readPage(page).matchAll(/^ *```sh\n *(.*?)\n *```\n(?:(```(?:json|http|text)\n)(.*?)```\n)?/gms)]
    .map(([, text = '', fence = '', output]) => ({ page, text, output, marker: `\`\`\`sh\n${text}\n\`\`\`\n${fence}` }))
}

function runnerOf ({ page, text }: Command): Runner {
  const isDocker = text.includes('docker ')
  // The commands in between are about the files of the Docker commands.
  if (page === 'docs/container.md' && !text.startsWith('curl ')) return 'container'
  if (/ validate( |$)/.test(text)) return isDocker ? 'container-validate' : 'validate'
  if (isDocker || text === 'cp .env.example .env' || text.endsWith('>> .env')) return 'container'
  if (/ check( |$)/.test(text)) return 'check'
  if (text.includes(' export ')) return 'export'
  if (text.includes(' import ')) return 'import'
  if (text.includes(' monitor ')) return 'monitor'
  if (text.includes(' https://example.com/')) return 'proxies'
  return 'server'
}

/**
 * Compares the output of a command, in which nothing differs from run to run, with what its page shows. With
 * UPDATE_DOCS in the environment, writes it to the page instead.
 */
export function compareOutput (t: Test, { page, text, output, marker }: Command, actual: string): void {
  const printed = actual.trimEnd()
  if (output !== undefined && process.env.UPDATE_DOCS !== undefined) replaceInPage(page, marker, output, `${printed}\n`)
  else t.equal(printed, (output ?? '').trimEnd(), `${page}: ${text} (UPDATE_DOCS=1 writes what it prints)`)
}

/** Replaces text that directly follows a marker in a page. */
export function replaceInPage (page: string, marker: string, from: string, to: string): void {
  const content = readPage(page)
  const start = content.indexOf(marker) + marker.length
  writeFileSync(`${root}${page}`, content.slice(0, start) + to + content.slice(start + from.length))
}
