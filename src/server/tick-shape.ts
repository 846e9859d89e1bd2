import { executionAsyncResource } from 'node:async_hooks'

const kept: object[] = []

/**
 * Keeps `process.nextTick`, of which a request has several, fast. It makes an object each time, and V8 forgets
 * their shape when it collects garbage while there is none, as happens while a program loads. From then on it makes them
 * ten times slower, for good, which costs a tenth of all requests. So one is kept.
 */
export function keepTickShape (): void {
  process.nextTick(() => kept.push(executionAsyncResource()))
}
