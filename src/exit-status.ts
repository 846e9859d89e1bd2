/** The exit statuses of every command. 78 is `EX_CONFIG` of sysexits.h. */
export const exitStatus = { success: 0, failure: 1, usage: 2, config: 78 } as const

/** Those of `check --format nagios`, by the word that its line has. */
export const nagiosStatus = { OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3 } as const

/** Those of a command that a signal ends with what it knows by then, as in a shell: 128 and the number of it. */
export const signalStatus = { SIGINT: 130, SIGTERM: 143 } as const

type GeneralStatus = typeof exitStatus[keyof typeof exitStatus]

export type ExitStatus = GeneralStatus | typeof nagiosStatus[keyof typeof nagiosStatus] |
  typeof signalStatus[keyof typeof signalStatus]

type Meanings = Readonly<Record<GeneralStatus, string>>

const generalMeanings: Meanings = {
  [exitStatus.success]: 'success or healthy',
  [exitStatus.failure]: 'failure, unhealthy or unable to listen',
  [exitStatus.usage]: 'wrong command line',
  [exitStatus.config]: 'wrong settings'
}

/**
 * The last lines of a usage text.
 *
 * @param own is what a status means for one command; an empty text: the command never has it.
 */
export function describeExitStatuses (own: Partial<Meanings> = {}): string {
  const meanings = Object.entries({ ...generalMeanings, ...own }).filter(([, meaning]) => meaning !== '')
  return `Exit status:\n${meanings.map(([status, meaning]) => `  ${status.padEnd(4)}${meaning}\n`).join('')}`
}
