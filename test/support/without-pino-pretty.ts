import { register } from 'node:module'

// Once it is loaded, it makes pino-pretty look as if it were not installed, as in production.
const hook = `export const resolve = (name, context, next) => {
  if (name === 'pino-pretty') throw new Error(name + ' is not installed')
  return next(name, context)
}`
register(`data:text/javascript,${encodeURIComponent(hook)}`)
