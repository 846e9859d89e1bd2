/**
 * Runs an operation with a signal that aborts when the time is up, with a `TimeoutError`, or together with `signal`.
 * The timer and the listener are removed as soon as the operation ends.
 *
 * This isn't `AbortSignal.any` with `AbortSignal.timeout`: on Node 20, garbage collection can drop that timeout, and
 * the signal never aborts.
 *
 * @param time in milliseconds.
 */
export async function limitTime<Value> (
  time: number,
  signal: AbortSignal,
  operate: (limit: AbortSignal) => Promise<Value>
): Promise<Value> {
  const controller = new AbortController()
  const abort = (): void => controller.abort(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  const timer = setTimeout(() => {
    controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
  }, time).unref()
  try {
    return await operate(controller.signal)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}
