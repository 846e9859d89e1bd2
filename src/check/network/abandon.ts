/** Waits for something that goes on without this check; when the signal aborts first, it gets `late` instead. */
export async function abandonOn<Value> (
  signal: AbortSignal, waiting: Promise<Value>, late: () => Value
): Promise<Value> {
  return await new Promise((resolve, reject) => {
    const abandon = (): void => resolve(late())
    signal.addEventListener('abort', abandon, { once: true })
    waiting.finally(() => signal.removeEventListener('abort', abandon)).then(resolve, reject)
  })
}
