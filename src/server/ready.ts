import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Logger } from 'pino'

/** In milliseconds. */
const timeout = 10_000

/**
 * Reports to systemd, which has started this process with a `NOTIFY_SOCKET`, that it listens. Node can't write to it,
 * because it has no datagram sockets with a path, so systemd's own program does.
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
 */
export async function reportReady (address: string, log: Logger): Promise<void> {
  try {
    await promisify(execFile)('systemd-notify', ['--ready', `--status=Listening at ${address}`], { timeout })
  } catch (error) {
    const reason = String(error).trim().replaceAll('\n', ' ')
    log.error(`can't notify systemd that the server listens (${reason}): install systemd-notify, or set Type=exec`)
  }
}
