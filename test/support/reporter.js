#!/usr/bin/env node
// tap's reporter in package.json: a line per file, what failed or was skipped, and a summary. tap's own reporters print
// a line per assertion, or redraw the screen, which fills a log.
import { Parser } from 'tap-parser'

const parser = new Parser(({ pass, fail, time }) => {
  print(`${fail === 0 ? 'Passed' : 'FAILED'}: ${pass} of ${pass + fail} files, ${assertions} assertions`)
  if (time !== null) print(`Time: ${Math.round(time / 1000)} s`)
})
let assertions = 0

watch(parser)
parser.on('assert', ({ ok, name, time }) => print(`${ok ? 'ok' : 'not ok'} ${name} (${Math.round(time / 1000)} s)`))
parser.on('bailout', reason => print(`Bail out! ${reason}`))
process.stdin.pipe(parser)

/** Prints the failures of a test and its subtests. If a subtest fails, its parent fails too, which isn't printed. */
function watch (test) {
  let failedInside = false
  test.on('child', child => {
    watch(child)
    child.on('complete', ({ ok }) => { failedInside = !ok })
  })
  test.on('assert', ({ ok, todo, skip, fullname, diag }) => {
    if (skip) print(`skipped: ${fullname}: ${skip}`)
    if (!ok && !todo && !failedInside) print(`not ok ${fullname}\n${indent(diag)}`)
    if (!failedInside) assertions++
    failedInside = false
  })
}

function indent (diag) {
  const hasDiff = typeof diag?.diff === 'string'
  const text = hasDiff ? `${diag.diff}\n${diag.stack ?? ''}` : JSON.stringify(diag, null, 2) ?? ''
  const lines = text.split('\n')
  const shown = lines.length > 60 ? [...lines.slice(0, 60), `… ${lines.length - 60} more lines`] : lines
  return shown.map(line => `    ${line}`).join('\n')
}

function print (line) {
  process.stdout.write(`${line}\n`)
}
