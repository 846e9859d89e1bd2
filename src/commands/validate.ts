import { describeExitStatuses, exitStatus } from '../exit-status.ts'
import type { ExitStatus } from '../exit-status.ts'
import { renderValidationJson } from '../validation/validation-json.ts'
import { renderValidation } from '../validation/validation-text.ts'
import { validateEnvironment, validatePaths } from '../validation/path-validation.ts'
import { parseCommandLine, UsageError } from './command-line.ts'
import type { CommandContext } from './command.ts'
import { writeOutput } from './output.ts'

export const usage = `Usage: matrix-well-known validate [PATH…] [options]

Validates settings without starting a server, and prints what it would serve.
Each PATH is a .env file, - for one from standard input, or a folder of sites.
Without PATH, it validates what "serve" would read: the environment, .env in
the working directory and the folder SITES_DIR.

Options:
  --literal      PATHs are files for kustomize or "docker run --env-file": a
                 value is the rest of its line, and quotes are a part of it
  --strict       treat warnings as faults
  --json         print one JSON document
  -v, --verbose  list every site, even if there are many
  -h, --help     show this help

${describeExitStatuses({ 0: 'no faults', 1: "the result can't be written", 78: 'faults in the settings' })}`

/** Standard output gets the result, with all faults and warnings. */
export async function run (args: readonly string[], context: CommandContext): Promise<ExitStatus> {
  const { environment, stdin, stdout, stderr } = context
  const { values, positionals: paths } = parseCommandLine(args, {
    literal: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    verbose: { type: 'boolean', short: 'v', default: false },
    help: { type: 'boolean', short: 'h', default: false }
  })
  if (values.help) {
    stdout.write(usage)
    return exitStatus.success
  }
  if (paths.includes('')) throw new UsageError('A path is empty: use that of a .env file or a folder of sites.')
  if (values.literal && paths.length === 0) throw new UsageError('--literal has no PATH: add the path of a file.')
  const validation = await (paths.length === 0
    ? validateEnvironment(environment, '.env')
    : validatePaths(paths, { literal: values.literal, stdin }))
  const valid = !validation.problems.some(({ severity }) => values.strict || severity === 'fault')
  const text = values.json ? renderValidationJson(validation, valid) : renderValidation(validation, values)
  const failed = await writeOutput(stdout, text)
  if (failed !== undefined) {
    stderr.write(`Can't write the result: ${failed.message}\n`)
    return exitStatus.failure
  }
  return valid ? exitStatus.success : exitStatus.config
}
