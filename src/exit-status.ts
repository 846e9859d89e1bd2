/** The exit statuses of every command. 78 is `EX_CONFIG` of sysexits.h. */
export const exitStatus = { success: 0, failure: 1, usage: 2, config: 78 } as const

export type ExitStatus = typeof exitStatus[keyof typeof exitStatus]

const meanings: Readonly<Record<keyof typeof exitStatus, string>> = {
  success: 'success or healthy',
  failure: 'failure, unhealthy or unable to listen',
  usage: 'wrong command line',
  config: 'wrong settings'
}

const [success, failure, usage, config] = (['success', 'failure', 'usage', 'config'] as const)
  .map(name => `${exitStatus[name]} ${meanings[name]}`)

/** The last lines of each usage text. */
export const exitStatusUsage = `Exit status: ${success}, ${failure},
             ${usage}, ${config}
`
