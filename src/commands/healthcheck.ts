import { loadListenAddress } from '../config/config.ts'
import { loadEnvironment } from '../config/dot-env.ts'
import { describeExitStatuses, exitStatus } from '../exit-status.ts'
import type { ExitStatus } from '../exit-status.ts'
import { checkHealth } from '../server/healthcheck.ts'
import { parseHelpOnly } from './command-line.ts'
import type { CommandContext } from './command.ts'

export const usage = `Usage: matrix-well-known healthcheck

Checks that the server with these settings is healthy: it has to respond to
/health on this machine, at HOST and PORT. Container engines run this.

Options:
  -h, --help  show this help

${describeExitStatuses({ 0: 'healthy', 1: 'unhealthy, or wrong settings', 78: '' })}`

/** Container engines know only healthy and unhealthy, so wrong settings are unhealthy as well. */
export async function run (args: readonly string[], context: CommandContext): Promise<ExitStatus> {
  const { environment, stdout, stderr } = context
  if (parseHelpOnly(args)) {
    stdout.write(usage)
    return exitStatus.success
  }
  try {
    await checkHealth(loadListenAddress(loadEnvironment('.env', environment).environment))
    return exitStatus.success
  } catch (error) {
    stderr.write(`not healthy: ${(error as Error).message}\n`)
    return exitStatus.failure
  }
}
