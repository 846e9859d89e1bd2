import { register } from 'node:module'

// Loading this module makes pino-pretty look as if it weren't installed, as in production.
const hook = `export const resolve = (name, context, next) => {
  if (name === 'pino-pretty') throw new Error(name + ' is not installed')
  return next(name, context)
}`
register(`data:text/javascript,${encodeURIComponent(hook)}`)
