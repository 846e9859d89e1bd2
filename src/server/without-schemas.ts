/** For Fastify: no route has a schema, and loading the compilers of schemas would load a third more code. */
export const withoutSchemas = { compilersFactory: { buildValidator: refuseSchema, buildSerializer: refuseSchema } }

function refuseSchema (): never {
  throw new Error("routes with a schema aren't supported")
}
