import type { Logger } from 'pino'
import type { CommandContext } from './command.ts'

type Signals = CommandContext['signals']

/** Without a listener, SIGHUP and SIGUSR2 would end the process, and SIGUSR1 would open Node's inspector. */
export function ignoreSignals (signals: Signals): void {
  for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const) signals.on(signal, () => {})
}

/** Otherwise a reload, for example by systemd, would look as if it had applied a changed setting. */
export function logReloadsWithoutSites (signals: Signals, log: Logger): void {
  const message = 'SIGHUP: without SITES_DIR, there is nothing to reload; restart to apply a changed setting'
  signals.on('SIGHUP', () => log.info(message))
}
