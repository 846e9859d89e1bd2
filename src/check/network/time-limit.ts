/**
 * A signal that aborts after a time, with a `TimeoutError`, or with another signal. It is not `AbortSignal.any` with
 * `AbortSignal.timeout`: on Node 20 that forgets the time when garbage is collected, and never aborts.
 *
 * @param time in milliseconds.
 */
export function limitTime (time: number, signal: AbortSignal): AbortSignal {
  const controller = new AbortController()
  const abort = (): void => controller.abort(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  setTimeout(() => {
    signal.removeEventListener('abort', abort)
    controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
  }, time).unref()
  return controller.signal
}
