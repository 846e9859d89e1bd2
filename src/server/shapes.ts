import { executionAsyncResource } from 'node:async_hooks'
import type { FastifyReply } from 'fastify'

/**
 * One object of each kind that requests make, kept for its shape (V8's hidden class). When V8 collects garbage while no
 * object of a shape is alive, it forgets the shape, and throws away the machine code that was made for it.
 */
const kept: { tick?: object, reply?: FastifyReply } = {}

/**
 * Keeps `process.nextTick`, of which a request has several, fast. If its objects lose their shape while a program loads,
 * V8 makes them ten times slower, for good, which costs a tenth of all requests.
 */
export function keepTickShape (): void {
  process.nextTick(() => { kept.tick = executionAsyncResource() })
}

/**
 * Keeps what is made for a request, until the next one: after a minute without any, V8 would have to learn and compile
 * everything anew, while clients wait.
 */
export function keepRequestShapes (reply: FastifyReply): void {
  kept.reply = reply
}
